import CUnbound
import Glibc

/// A configured libunbound context, and what it is made from.
enum UnboundContext {
    /// Why libunbound could not be set up.
    struct SetupError: Error, CustomStringConvertible {
        var step: String
        var code: Int32

        var description: String {
            let reason = unsafe String(cString: ub_strerror(code))
            return "libunbound: \(step): \(reason)"
        }
    }

    /// Options in unbound.conf's spelling; the ones that an older library does not know are passed over.
    private static let options: [(name: String, value: String, isNeeded: Bool)] = [
        // Resolvers of containers and of systemd listen on loopback.
        ("do-not-query-localhost:", "no", true),
        // A cached answer serves for its TTL but an hour at most, a cached refusal for a minute (MAPPING 2.2).
        ("cache-max-ttl:", "3600", true),
        ("cache-max-negative-ttl:", "60", false),
        // A resolver that was away is asked again soon after it is back.
        ("infra-host-ttl:", "30", true),
        ("infra-keep-probing:", "yes", false),
        // Names of private networks and of laboratories are as good as others (RFC 6761 6.2 reserves them for these).
        ("unblock-lan-zones:", "yes", true),
        ("insecure-lan-zones:", "yes", false),
        ("local-zone:", "test. transparent", false),
        ("msg-cache-size:", "4m", true),
        ("rrset-cache-size:", "8m", true),
    ]

    /// Makes a context that asks one server (`address@port`), or the system's with its hosts file, and validates what is
    /// below a trust anchor.
    static func make(server: String?, trust: UnboundResolver.Trust) throws -> OpaquePointer {
        guard let context = unsafe ub_ctx_create() else {
            throw SetupError(step: "create", code: UB_NOMEM.rawValue)
        }
        do {
            for option in options {
                let code = unsafe ub_ctx_set_option(context, option.name, option.value)
                if option.isNeeded { try check(code, option.name) }
            }
            if let server {
                try check(unsafe ub_ctx_set_fwd(context, server), "dns.server \(server)")
            } else {
                // Without resolv.conf libunbound recurses from the root itself; without hosts nothing is missed.
                _ = unsafe ub_ctx_resolvconf(context, nil)
                _ = unsafe ub_ctx_hosts(context, nil)
            }
            switch trust {
            case .nobody: break
            case .anchors(let texts):
                for text in texts { try check(unsafe ub_ctx_add_ta(context, text), "trust anchor") }
            case .file(let path):
                // libunbound would tell only with the first question.
                guard unsafe access(path, R_OK) == 0 else {
                    throw SetupError(step: "trust anchors in \(path)", code: UB_READFILE.rawValue)
                }
                try check(unsafe ub_ctx_add_ta_file(context, path), "trust anchors in \(path)")
            }
            try check(unsafe ub_ctx_async(context, 1), "async")
        } catch {
            unsafe ub_ctx_delete(context)
            throw error
        }
        return unsafe context
    }

    private static func check(_ code: Int32, _ step: String) throws(SetupError) {
        if code != 0 { throw SetupError(step: step, code: code) }
    }
}
