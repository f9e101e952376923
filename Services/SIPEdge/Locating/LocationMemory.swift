import NIOCore

/// Where URIs were found to lead, for as long as the DNS allows.
///
/// That is an hour at most, and a minute for what was not found (MAPPING 2.2). What could not be asked is not remembered.
struct LocationMemory {
    private enum Finding {
        case found(Location)
        /// The order in which chance has no say.
        case fixed(NextHops)
        case missing(LocationFailure)
    }

    private struct Entry {
        var finding: Finding
        var until: NIODeadline
    }

    private static let longest = Duration.seconds(3600)
    private static let longestMissing = Duration.seconds(60)
    private static let capacity = 4_096

    private var entries: [LocatingSubject: Entry] = [:]

    var count: Int { entries.count }

    /// What is known of a subject now.
    func result(
        _ subject: LocatingSubject,
        at now: NIODeadline,
        using generator: inout some RandomNumberGenerator
    ) -> Result<NextHops, LocationFailure>? {
        guard let entry = entries[subject], entry.until > now else { return nil }
        return switch entry.finding {
        case .found(let location): .success(location.hops(using: &generator))
        case .fixed(let hops): .success(hops)
        case .missing(let failure): .failure(failure)
        }
    }

    mutating func note(
        _ result: Result<Location, LocationFailure>,
        of subject: LocatingSubject,
        at now: NIODeadline,
        using generator: inout some RandomNumberGenerator
    ) {
        let (finding, span): (Finding, Duration)
        switch result {
        case .success(let location):
            span = min(location.timeToLive, Self.longest)
            finding = location.isFixed ? .fixed(location.hops(using: &generator)) : .found(location)
        case .failure(let failure):
            guard case .notFound = failure else { return }
            (span, finding) = (Self.longestMissing, .missing(failure))
        }
        guard span > .zero else { return }
        if entries.count >= Self.capacity { entries = entries.filter { $0.value.until > now } }
        // Whoever asks for thousands of domains in an hour may ask again.
        if entries.count >= Self.capacity { entries.removeAll() }
        entries[subject] = Entry(finding: finding, until: now + TimeAmount(span))
    }

    mutating func removeAll() {
        entries.removeAll()
    }
}
