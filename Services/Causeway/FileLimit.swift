import Glibc

/// How many files, and so sockets, this process may have open.
enum FileLimit {
    /// What everything but a SIP edge's connections may need.
    private static let reserve = 1_024
    private static let mostConnections = 32_768

    /// Raises the limit as far as the system lets us without being asked.
    static func raise() {
        var limit = rlimit()
        guard unsafe getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(resource, &limit)
    }

    /// How many connections a SIP edge may hold under the limit as it is.
    static var connections: Int {
        var limit = rlimit()
        guard unsafe getrlimit(resource, &limit) == 0 else { return reserve }
        let free = Int(clamping: limit.rlim_cur) - reserve
        return min(max(free, reserve / 2), mostConnections)
    }

    private static var resource: __rlimit_resource_t { __rlimit_resource_t(RLIMIT_NOFILE.rawValue) }
}
