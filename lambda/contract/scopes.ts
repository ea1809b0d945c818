/** The user pool's resource server for the API, and its one scope. */
export const API_SCOPE = { server: 'owlnest', name: 'api' } as const;

/**
 * Scopes of an access token, one of which a caller needs: without scopes API Gateway would take ID tokens, and refuse
 * access tokens. A token has the first after a sign-in by the user pool's API, the second after one on its pages.
 */
export const ACCESS_TOKEN_SCOPES = ['aws.cognito.signin.user.admin', `${API_SCOPE.server}/${API_SCOPE.name}`] as const;
