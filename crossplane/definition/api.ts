/** API of all our composite kinds. */
export const API_VERSION = 'owlnest.io/v1alpha1';
