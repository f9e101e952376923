/// The record types that the gateway asks for (IANA "Resource Record (RR) TYPEs").
enum RecordType: Int32, Hashable, Sendable {
    case a = 1
    case aaaa = 28
    case srv = 33
    case naptr = 35
    case tlsa = 52
}
