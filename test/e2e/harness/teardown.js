// In the process of `setup.js`, and so with the module that started the control plane.
const { stopShared } = await import('./shared.ts');
export default stopShared;
