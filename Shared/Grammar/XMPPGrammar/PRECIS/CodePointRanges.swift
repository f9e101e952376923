/// A set of code points, as the sorted bounds of its ranges.
struct CodePointRanges: Sendable {
    /// First and last in turn.
    private let bounds: [UInt32]

    init(_ bounds: [UInt32]) {
        self.bounds = bounds
    }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        var low = 0
        var high = bounds.count / 2
        while low < high {
            let middle = (low + high) / 2
            if scalar.value > bounds[2 * middle + 1] {
                low = middle + 1
            } else if scalar.value < bounds[2 * middle] {
                high = middle
            } else {
                return true
            }
        }
        return false
    }
}
