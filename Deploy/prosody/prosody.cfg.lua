-- Prosody 0.12 beside Causeway: the XMPP server of the demo, of docker-compose.yml and of the interop tests.
--
-- Everything that differs between those three comes from the environment, so that the tests prove the file that is
-- deployed. SIP_COMPONENT_SECRET chooses how the SIP domain is reached: set, as an external component (XEP-0114);
-- empty, by server-to-server streams (RFC 6120 with dialback, XEP-0220), for which Prosody looks up the DNS.

local function setting(value, default)
	if value == nil or value == "" then return default end
	return value
end

local xmpp_domain = setting(ENV_XMPP_DOMAIN, "wonder.example")
local sip_domain = setting(ENV_SIP_DOMAIN, "sip.example")
local state = setting(ENV_PROSODY_STATE, "/var/lib/prosody")
local listen = setting(ENV_PROSODY_LISTEN, "127.0.0.1")
local name_server = setting(ENV_NAME_SERVER, nil)
local secret = setting(ENV_SIP_COMPONENT_SECRET, nil)

run_as_root = true -- only where the starter is root already: a container or a test
pidfile = state .. "/prosody.pid"
data_path = state .. "/data"
certificates = state .. "/certs"
log = { { levels = { min = setting(ENV_PROSODY_LOG, "info") }, to = "console", timestamps = "%H:%M:%S " } }

interfaces = { listen }
local_interfaces = { listen }
component_interfaces = { listen }
c2s_ports = { tonumber(setting(ENV_C2S_PORT, 5222)) }
s2s_ports = { tonumber(setting(ENV_S2S_PORT, 5269)) }
component_ports = { tonumber(setting(ENV_COMPONENT_PORT, 5347)) }

modules_enabled = { "disco", "roster", "saslauth", "tls", "dialback", "smacks", "blocklist", "carbons", "ping", "version", "time" }
modules_disabled = { "http" }

authentication = "internal_plain"
storage = "internal"

-- Clients may come without TLS: the demo and the tests stay on loopback, the containers on their own network.
c2s_require_encryption = false
allow_unencrypted_plain_auth = true

-- Servers may not: TLS always, and dialback over it where a certificate proves nothing.
s2s_require_encryption = true
s2s_secure_auth = false
local trust = setting(ENV_XMPP_TRUST, nil)
if trust then
	-- Certificates of this authority prove their domain: SASL EXTERNAL (XEP-0178) and with it stream management.
	ssl = { cafile = trust }
end
-- How long to wait for a server that does not answer before the sender is told.
s2s_timeout = tonumber(setting(ENV_S2S_TIMEOUT, 30))

if name_server then
	unbound = {
		resolvconf = false;
		forward = name_server;
		options = { ["do-not-query-localhost:"] = "no" };
	}
end

VirtualHost(xmpp_domain)

if secret then
	Component(sip_domain)
	component_secret = secret
	-- Of several gateways one is attached, and another takes over when that one is paused or its host is gone: its link
	-- replaces the old one, of whose end this server may not know for a long time.
	component_conflict_resolve = "kick_old"
end
