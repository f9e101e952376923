/// How long to wait after a failure: twice as long each time, and never for all at the same moment (RFC 5626
/// section 4.5).
struct RegistrationPause {
    static let first = Duration.seconds(30)
    static let longest = Duration.seconds(1_800)

    private var failures = 0

    mutating func reset() {
        failures = 0
    }

    /// The next wait: between half of the step and all of it, and no shorter than the registrar asks for.
    mutating func next(
        atLeast least: Duration = .zero,
        isHopeless: Bool = false,
        using generator: inout some RandomNumberGenerator
    ) -> Duration {
        let step = isHopeless ? Self.longest : min(Self.longest, Self.first * (1 << min(failures, 6)))
        failures += 1
        let wait = step / 2 + step * Double.random(in: 0...0.5, using: &generator)
        return max(wait, min(least, Self.longest * 2))
    }
}
