// Conforms: RFC 3492 §6 (complete)

/// Bootstring with the parameters of Punycode (RFC 3492 section 5): what follows `xn--` in an A-label.
///
///     bücher  <->  bcher-kva
public enum Punycode {
    /// A label as Punycode; nil for a label so long that numbers overflow.
    public static func encode(_ label: String) -> String? {
        let scalars = label.unicodeScalars.map(\.value)
        var output = scalars.filter { $0 < initialN }.map(UInt8.init)
        let basicCount = UInt32(output.count)
        if basicCount > 0 { output.append(UInt8(ascii: "-")) }
        var (n, delta, bias, handled) = (initialN, UInt32(0), initialBias, basicCount)
        while handled < UInt32(scalars.count) {
            guard let next = scalars.filter({ $0 >= n }).min() else { return nil }
            let (step, tooFar) = (next - n).multipliedReportingOverflow(by: handled + 1)
            guard !tooFar, delta <= .max - step else { return nil }
            delta += step
            n = next
            for scalar in scalars {
                if scalar < n {
                    guard delta < .max else { return nil }
                    delta += 1
                } else if scalar == n {
                    append(delta, bias: bias, to: &output)
                    bias = adapt(delta, points: handled + 1, isFirst: handled == basicCount)
                    delta = 0
                    handled += 1
                }
            }
            delta += 1
            n += 1
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// The label that Punycode spells; nil for what is no Punycode.
    public static func decode(_ text: String) -> String? {
        let octets = Array(text.utf8)
        // A label has at most 63 octets; the insertions below are quadratic in it.
        guard octets.count <= 1_024, octets.allSatisfy({ $0 < 0x80 }) else { return nil }
        let hyphen = octets.lastIndex(of: UInt8(ascii: "-"))
        var output = octets[..<(hyphen ?? 0)].map { Unicode.Scalar($0) }
        var rest = octets[(hyphen.map { $0 + 1 } ?? 0)...]
        var (n, index, bias) = (initialN, UInt32(0), initialBias)
        while !rest.isEmpty {
            let old = index
            guard let delta = takeNumber(&rest, bias: bias), delta <= .max - index else { return nil }
            index += delta
            let count = UInt32(output.count) + 1
            bias = adapt(index - old, points: count, isFirst: old == 0)
            guard index / count <= .max - n, let scalar = Unicode.Scalar(n + index / count) else {
                return nil
            }
            n = scalar.value
            index %= count
            output.insert(scalar, at: Int(index))
            index += 1
        }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: output)
        return String(view)
    }

    private static let base: UInt32 = 36
    private static let tMin: UInt32 = 1
    private static let tMax: UInt32 = 26
    private static let initialBias: UInt32 = 72
    private static let initialN: UInt32 = 0x80

    /// The bias for the next delta (section 6.1).
    private static func adapt(_ delta: UInt32, points: UInt32, isFirst: Bool) -> UInt32 {
        var delta = isFirst ? delta / 700 : delta / 2
        delta += delta / points
        var k: UInt32 = 0
        while delta > ((base - tMin) * tMax) / 2 {
            delta /= base - tMin
            k += base
        }
        return k + (base - tMin + 1) * delta / (delta + 38)
    }

    /// The threshold of the digit at k (section 6.2).
    private static func threshold(_ k: UInt32, _ bias: UInt32) -> UInt32 {
        k <= bias + tMin ? tMin : min(k - bias, tMax)
    }

    private static func append(_ delta: UInt32, bias: UInt32, to output: inout [UInt8]) {
        var (q, k) = (delta, base)
        while true {
            let t = threshold(k, bias)
            guard q >= t else { break }
            output.append(digit(t + (q - t) % (base - t)))
            q = (q - t) / (base - t)
            k += base
        }
        output.append(digit(q))
    }

    /// Reads a generalized variable-length integer (section 3.3).
    private static func takeNumber(_ octets: inout ArraySlice<UInt8>, bias: UInt32) -> UInt32? {
        var (number, weight, k) = (UInt32(0), UInt32(1), base)
        while let octet = octets.popFirst() {
            guard let digit = value(octet) else { return nil }
            let (product, isTooFar) = digit.multipliedReportingOverflow(by: weight)
            guard !isTooFar, product <= .max - number else { return nil }
            number += product
            let t = threshold(k, bias)
            if digit < t { return number }
            let (heavier, isTooHeavy) = weight.multipliedReportingOverflow(by: base - t)
            guard !isTooHeavy else { return nil }
            weight = heavier
            k += base
        }
        return nil
    }

    private static func digit(_ value: UInt32) -> UInt8 {
        value < 26 ? UInt8(value) + UInt8(ascii: "a") : UInt8(value - 26) + UInt8(ascii: "0")
    }

    private static func value(_ octet: UInt8) -> UInt32? {
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(octet - UInt8(ascii: "a"))
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(octet - UInt8(ascii: "A"))
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(octet - UInt8(ascii: "0")) + 26
        default: nil
        }
    }
}
