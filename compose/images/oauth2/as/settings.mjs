// The provider's configuration: what oidc-provider does by itself, less what the lab has no use for.
import { clients } from "./clients.mjs";
import { devicePages, errorPage } from "./pages.mjs";

export const ISSUER = "https://login.example.test";
const LONG = 300; // seconds an access token lives
const BRIEF = 1; // the same where the lab wants to see it die

// Two resource servers. One reads tokens itself (RFC 9068), the other asks what they are worth (RFC 7662).
const RESOURCES = {
  "https://api.example.test/": { scope: "orders:read orders:write", accessTokenFormat: "jwt", jwt: { sign: { alg: "ES256" } } },
  "https://books.example.test/": { scope: "books:read", accessTokenFormat: "jwt", jwt: { sign: { alg: "ES256" } } },
  "https://vault.example.test/": { scope: "orders:read orders:write", accessTokenFormat: "opaque" },
};

const lifetime = (ctx, options) =>
  options.brief === "yes" && ctx.oidc.params?.grant_type !== "refresh_token" ? BRIEF : LONG;

// The port at which the server asks for a certificate: RFC 8705 §5 gives those endpoints names of their own.
export const CERTIFIED = 8443;
const holds = (ctx, _, name) => ctx.socket.getPeerX509Certificate().checkHost(name) !== undefined;

const features = (options, InvalidTarget) => ({
  devInteractions: { enabled: false },
  clientCredentials: { enabled: true },
  deviceFlow: { enabled: true, ...devicePages },
  introspection: { enabled: true, allowedPolicy: (ctx, client, token) => token.clientId === client.clientId || client.clientId === "vault" },
  revocation: { enabled: true },
  pushedAuthorizationRequests: { enabled: true },
  dPoP: { enabled: true },
  mTLS: {
    enabled: true, tlsClientAuth: true, certificateBoundAccessTokens: true,
    getCertificate: (ctx) => ctx.socket.getPeerX509Certificate(),
    certificateAuthorized: (ctx) => ctx.socket.authorized,
    certificateSubjectMatches: holds,
  },
  rpInitiatedLogout: { enabled: false },
  resourceIndicators: {
    enabled: true,
    defaultResource: (ctx, client, oneOf) => oneOf ?? (/orders/.test(ctx.oidc.params?.scope ?? "") ? "https://api.example.test/" : undefined),
    useGrantedResource: () => true,
    getResourceServerInfo(ctx, resource) {
      const known = RESOURCES[resource];
      if (!known) throw new InvalidTarget();
      return { ...known, audience: resource, accessTokenTTL: lifetime(ctx, options) };
    },
  },
});

export function configuration(options, keys, jobKey, { InvalidTarget }) {
  return {
    clients: clients(jobKey),
    jwks: { keys },
    discovery: { mtls_endpoint_aliases: { token_endpoint: `${ISSUER}:${CERTIFIED}/token` } },
    clientAuthMethods: ["client_secret_basic", "client_secret_post", "private_key_jwt", "tls_client_auth", "none"],
    features: features(options, InvalidTarget),
    scopes: ["openid", "profile", "offline_access"], // OpenID's own; resource servers bring theirs
    claims: { openid: ["sub"], profile: ["name"] },
    conformIdTokenClaims: false,
    findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, name: id[0].toUpperCase() + id.slice(1) }) }),
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    issueRefreshToken: (ctx, client) => client.grantTypeAllowed("refresh_token"),
    rotateRefreshToken: () => options.rotate !== "no",
    responseTypes: ["code", "id_token token"], // the second is the implicit flow, which the server no longer has by itself
    pkce: { required: () => false }, // the lab shows what happens without; RFC 9700 §2.1.1 says that it must be
    enabledJWA: { idTokenSigningAlgValues: ["ES256"], requestObjectSigningAlgValues: ["ES256"] },
    clientDefaults: { id_token_signed_response_alg: "ES256" },
    ttl: {
      AccessToken: (ctx, token) => token.resourceServer?.accessTokenTTL ?? LONG,
      ClientCredentials: (ctx, token) => token.resourceServer?.accessTokenTTL ?? LONG,
      AuthorizationCode: 60, DeviceCode: 600, IdToken: LONG, Interaction: 600, RefreshToken: 3600, Session: 3600, Grant: 3600,
    },
    cookies: { keys: ["a secret of a toy Internet"], names: { session: "session", interaction: "interaction", resume: "resume" } },
    renderError: errorPage,
    clientBasedCORS: () => true,
  };
}
