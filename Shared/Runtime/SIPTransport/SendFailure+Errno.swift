import Glibc

extension SendFailure {
    static func of(errno: CInt) -> SendFailure {
        switch errno {
        case ECONNREFUSED: .refused
        case EMSGSIZE: .tooLarge
        case ENETUNREACH, EHOSTUNREACH, ETIMEDOUT, ENETDOWN, EHOSTDOWN, EPERM, EACCES, EINVAL, EADDRNOTAVAIL:
            .unreachable
        case EMFILE, ENFILE, ENOBUFS, ENOMEM: .congested
        case EAFNOSUPPORT: .unsupported
        default: .closed
        }
    }
}
