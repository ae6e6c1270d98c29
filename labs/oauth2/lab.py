"""OAuth 2."""

from machinelab.authoring import ARP, At, Background, Experiment, Gather, Lab, Step

KEYS = tuple(Gather(node, "keys", "cat /run/oauth2/keys.log") for node in ("browser", "app", "api", "tv", "mallory"))
FORGET = tuple(At(node, "truncate -s 0 /run/oauth2/keys.log") for node in ("browser", "app", "api", "tv", "mallory"))

pkce = Experiment(
    "pkce",
    "One login",
    reset=(*FORGET, *(At(node, "configure") for node in ("app", "api"))),
    run=(At("browser", "browse login"),),
    gather=KEYS,
    background=(ARP, Background("tls", "tls.handshake or tls.change_cipher_spec or tls.alert_message")),
    steps=(Step("start", "browser > app", 'http.request.uri == "/login"'),),
)

LAB = Lab("oauth2", (pkce,), what={"browser": "Chromium", "login": "oidc-provider", "app": "Authlib, Flask", "api": "PyJWT", "tv": "script", "mallory": "fonts"})
