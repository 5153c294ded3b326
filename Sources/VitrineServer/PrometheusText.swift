public import CoreMetrics
import Foundation
import Synchronization

/// All metrics of this process, as the text that Prometheus reads (https://prometheus.io/docs/instrumenting/exposition_formats/).
///
/// Labels never hold SKUs, addresses or messages; a metric keeps at most a thousand combinations of them.
public final class PrometheusText: MetricsFactory {
    private struct Series {
        var value = 0.0
        var count: UInt64 = 0
        var buckets: [UInt64] = []
    }

    private struct Metric {
        var type: String
        /// By names and values of labels in turn, as they came: they are written out when somebody reads.
        var series: [[String]: Series] = [:]
    }

    /// The upper ends of the buckets of timers, in seconds.
    private static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120, 600]
    private static let most = 1000
    private let metrics = Mutex<[String: Metric]>([:])

    /// Nothing counted yet.
    public init() {}

    /// Sets a gauge.
    public func set(_ name: String, _ labels: [(String, String)], _ value: Double) {
        change(name, labels, type: "gauge") { $0.value = value }
    }

    /// Adds to a counter.
    public func add(_ name: String, _ labels: [(String, String)], _ value: Double) {
        change(name, labels, type: "counter") { $0.value += value }
    }

    /// Puts a number of seconds into a histogram.
    public func observe(_ name: String, _ labels: [(String, String)], seconds: Double) {
        change(name, labels, type: "histogram") { series in
            if series.buckets.isEmpty { series.buckets = Array(repeating: 0, count: Self.bounds.count) }
            if let index = Self.bounds.firstIndex(where: { seconds <= $0 }) { series.buckets[index] += 1 }
            series.value += seconds
            series.count += 1
        }
    }

    /// Everything, by name.
    public func text() -> String {
        let all = metrics.withLock { $0 }
        var text = ""
        for (name, metric) in all.sorted(by: { $0.key < $1.key }) {
            let name = Self.name(name)
            text += "# TYPE \(name) \(metric.type)\n"
            let lines = metric.series.map { (Self.text(labels: $0.key), $0.value) }
            for (labels, series) in lines.sorted(by: { $0.0 < $1.0 }) {
                if metric.type == "histogram" {
                    text += Self.histogram(name, labels, series)
                } else {
                    text += "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(Self.text(series.value))\n"
                }
            }
        }
        return text
    }

    private func change(
        _ name: String,
        _ labels: [(String, String)],
        type: String,
        _ body: (inout Series) -> Void
    ) {
        var key: [String] = []
        key.reserveCapacity(labels.count * 2)
        for (label, value) in labels { key += [label, value] }
        metrics.withLock { metrics in
            if let metric = metrics[name], metric.series.count >= Self.most, metric.series[key] == nil { return }
            body(&metrics[name, default: Metric(type: type)].series[key, default: Series()])
        }
    }

    private static func histogram(_ name: String, _ labels: String, _ series: Series) -> String {
        let prefix = labels.isEmpty ? "" : labels + ","
        var text = ""
        var sum: UInt64 = 0
        for (bound, count) in zip(bounds, series.buckets) {
            sum += count
            text += "\(name)_bucket{\(prefix)le=\"\(Self.text(bound))\"} \(sum)\n"
        }
        let braces = labels.isEmpty ? "" : "{\(labels)}"
        text += "\(name)_bucket{\(prefix)le=\"+Inf\"} \(series.count)\n"
        text += "\(name)_sum\(braces) \(Self.text(series.value))\n\(name)_count\(braces) \(series.count)\n"
        return text
    }

    private static func text(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }

    private static func text(labels: [String]) -> String {
        stride(from: 0, to: labels.count, by: 2).map { "\(name(labels[$0]))=\"\(escaped(labels[$0 + 1]))\"" }
            .joined(separator: ",")
    }

    private static func name(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "_" })
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    // MARK: swift-metrics

    /// A counter.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        PrometheusCounter(text: self, name: label, labels: dimensions)
    }

    /// A gauge, or a histogram of numbers that are taken as seconds.
    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        PrometheusRecorder(text: self, name: label, labels: dimensions, aggregates: aggregate)
    }

    /// A histogram in seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        PrometheusTimer(text: self, name: label, labels: dimensions)
    }

    /// Does nothing: what was counted stays.
    public func destroyCounter(_ handler: any CounterHandler) {}
    /// Does nothing: what was counted stays.
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    /// Does nothing: what was counted stays.
    public func destroyTimer(_ handler: any TimerHandler) {}
}

private final class PrometheusCounter: CounterHandler {
    let text: PrometheusText
    let name: String
    let labels: [(String, String)]

    init(text: PrometheusText, name: String, labels: [(String, String)]) {
        self.text = text
        self.name = name
        self.labels = labels
    }

    func increment(by amount: Int64) { text.add(name, labels, Double(amount)) }
    func reset() {}
}

private final class PrometheusRecorder: RecorderHandler {
    let text: PrometheusText
    let name: String
    let labels: [(String, String)]
    let aggregates: Bool

    init(text: PrometheusText, name: String, labels: [(String, String)], aggregates: Bool) {
        self.text = text
        self.name = name
        self.labels = labels
        self.aggregates = aggregates
    }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        if aggregates { text.observe(name, labels, seconds: value) } else { text.set(name, labels, value) }
    }
}

private final class PrometheusTimer: TimerHandler {
    let text: PrometheusText
    let name: String
    let labels: [(String, String)]

    init(text: PrometheusText, name: String, labels: [(String, String)]) {
        self.text = text
        self.name = name
        self.labels = labels
    }

    func recordNanoseconds(_ duration: Int64) { text.observe(name, labels, seconds: Double(duration) / 1e9) }
}
