import GRDB

extension StoreError {
    /// What SQLite's complaint means for the store.
    ///
    /// The values of statements never appear in it.
    init(_ error: any Error, path: String) {
        if let error = error as? StoreError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self.init(.refused, "the store \(path) failed: \(type(of: error))")
            return
        }
        let detail = "\(error.message ?? "no reason given") (SQLite \(error.extendedResultCode.rawValue))"
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(.unavailable, "the store \(path) is locked by another process for too long: \(detail)")
        case .SQLITE_FULL:
            self.init(.unavailable, "no room on the disk of the store \(path): make some")
        case .SQLITE_IOERR, .SQLITE_NOMEM, .SQLITE_PROTOCOL:
            self.init(.unavailable, "the store \(path) cannot be read or written just now: \(detail)")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self.init(
                .corrupt,
                "the store \(path) is damaged or no SQLite file: put it aside or bring a copy back; \(detail)"
            )
        case .SQLITE_READONLY, .SQLITE_PERM:
            self.init(.readOnly, "the store \(path) cannot be written: change its owner or mode; \(detail)")
        case .SQLITE_CANTOPEN:
            self.init(.refused, "the store \(path) cannot be opened or made: name another place; \(detail)")
        default:
            self.init(.refused, "the store \(path) refuses: \(detail)")
        }
    }

    /// The schema is a later release's.
    static func tooNew(_ place: String, version: Int, known: Int) -> StoreError {
        StoreError(
            .tooNew,
            "the store \(place) has schema \(version), this release knows \(known) and earlier ones: "
                + "run a later release, or give this one a store of its own"
        )
    }
}
