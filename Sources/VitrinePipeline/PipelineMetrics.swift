public import CoreMetrics
import VitrineCore

/// Every metric that the pipeline counts: docs/operating.md is this list as a table.
///
/// Labels are words of the house; they never hold SKUs, addresses or messages.
public struct PipelineMetrics: Sendable {
    private let factory: any MetricsFactory

    /// Metrics that are kept by that factory; by default they are kept nowhere.
    public init(factory: any MetricsFactory = NOOPMetricsHandler.instance) {
        self.factory = factory
    }

    /// An event of a job was recorded.
    func recorded(_ event: JobEvent.Name, by provider: ProviderID) {
        count("vitrine_job_events_total", [("event", event.rawValue), ("provider", provider.rawValue)])
    }

    /// A step that began in that state has ended.
    func stepped(from state: JobState.Name, _ provider: ProviderID, after duration: Duration) {
        let labels = [("state", state.rawValue), ("provider", provider.rawValue)]
        let timer = factory.makeTimer(label: "vitrine_step_seconds", dimensions: labels)
        timer.recordNanoseconds(duration.milliseconds * 1_000_000)
    }

    /// Work was sent to a provider.
    func submitted(to provider: ProviderID) {
        count("vitrine_submissions_total", [("provider", provider.rawValue)])
    }

    /// A message to a webhook was tried.
    func delivered(_ event: WebhookEvent, _ state: Delivery.State) {
        count("vitrine_webhook_tries_total", [("event", event.rawValue), ("state", state.rawValue)])
    }

    private func count(_ name: String, _ labels: [(String, String)]) {
        factory.makeCounter(label: name, dimensions: labels).increment(by: 1)
    }
}
