import Foundation
import VitrineCore

/// When a provider says to come back.
enum RetryHint {
    /// From `retry-after-ms`, `retry-after` in seconds, spent `x-ratelimit-*` counters, or Google's `RetryInfo`; at most a day.
    static func wait(_ reply: Reply) -> Duration? {
        let headers = reply.headers
        if let text = headers["retry-after-ms"], let value = Double(text) { return bounded(value / 1000) }
        if let text = headers["retry-after"], let value = Double(text) { return bounded(value) }
        for item in reply.json["error"]["details"].items {
            if let text = item["retryDelay"].text, let value = seconds(text) { return bounded(value) }
        }
        for what in ["requests", "tokens"] where headers["x-ratelimit-remaining-\(what)"] == "0" {
            if let value = headers["x-ratelimit-reset-\(what)"].flatMap(seconds) { return bounded(value) }
        }
        return nil
    }

    /// A length such as `30s`, `6m0s`, `250ms` or `1.5`.
    static func seconds(_ text: String) -> Double? {
        if let plain = Double(text) { return plain }
        var total = 0.0
        var rest = Substring(text)
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isNumber || $0 == "." }
            guard let value = Double(digits) else { return nil }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isLetter }
            guard let scale = ["ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0][unit] else { return nil }
            total += value * scale
            rest = rest.dropFirst(unit.count)
        }
        return total > 0 ? total : nil
    }

    private static func bounded(_ seconds: Double) -> Duration {
        .milliseconds(Int64(min(max(seconds, 0), 86_400) * 1000))
    }
}
