/// Which side of CURVE a socket is.
enum CurveRole: Sendable {
    case server(CurveServer)
    case client(CurveClient)
}
