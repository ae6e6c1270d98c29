// Who may ask the authorization server for tokens, and what for: RFC 7591 §2 says what the members mean.

const CODE = { grant_types: ["authorization_code", "refresh_token"], response_types: ["code"] };
const WEB = { ...CODE, client_secret: "web-secret", redirect_uris: ["https://app.example.test/callback"] };
const SPA = { token_endpoint_auth_method: "none", redirect_uris: ["https://spa.example.test/callback"] };
const JOB = { grant_types: ["client_credentials"], response_types: [], redirect_uris: [] };

// The public half of the key that the job signs its assertions with; the private one is on the app's node alone.
export const clients = (jobKey) => [
  { client_id: "web", ...WEB },
  { client_id: "spa", ...SPA, grant_types: ["authorization_code"], response_types: ["code"] },
  { client_id: "old-spa", ...SPA, grant_types: ["implicit"], response_types: ["id_token token"] },
  { client_id: "job", ...JOB, client_secret: "job-secret" },
  { client_id: "job-post", ...JOB, client_secret: "job-secret", token_endpoint_auth_method: "client_secret_post" },
  { client_id: "job-jwt", ...JOB, token_endpoint_auth_method: "private_key_jwt", token_endpoint_auth_signing_alg: "ES256", jwks: { keys: [jobKey] } },
  // RFC 8705 §2.1: who holds the certificate for this name is the client, and its tokens are good for nobody else.
  {
    client_id: "till", ...JOB, token_endpoint_auth_method: "tls_client_auth",
    tls_client_auth_san_dns: "till.example.test", tls_client_certificate_bound_access_tokens: true,
  },
  {
    client_id: "tv", token_endpoint_auth_method: "none", redirect_uris: [], response_types: [],
    grant_types: ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"],
  },
  // A resource server is a client too where it asks about tokens: RFC 7662 §2.1.
  { client_id: "vault", client_secret: "vault-secret", redirect_uris: [], response_types: [], grant_types: [] },
];
