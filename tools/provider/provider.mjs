// An OpenID provider for a test: prints its address, serves until its input ends.
// Whoever signs in is taken at their word; what it then says of them stands in
// the table below.
import http from "node:http";
import Provider from "oidc-provider";

const people = {
  dana: { email: "dana@fernhill.example", email_verified: true },
  "dana-moved": { email: "dana@elsewhere.example", email_verified: true },
  "not-verified": { email: "kim@fernhill.example", email_verified: false },
  stranger: { email: "stranger@fernhill.example", email_verified: true },
  impostor: { email: "dana@fernhill.example", email_verified: true },
};
const server = http.createServer((req, res) => handle(req, res));
let handle;
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: "office", client_secret: "a secret of the test", redirect_uris: [process.argv[2]], response_types: ["code"], grant_types: ["authorization_code"] }],
    pkce: { required: () => true },
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    conformIdTokenClaims: false, // the address stands in the ID token, as at most employers
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
    cookies: { keys: ["test"] },
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
  });
  handle = provider.callback();
  console.log(issuer);
});
process.stdin.on("end", () => process.exit(0)).resume();
