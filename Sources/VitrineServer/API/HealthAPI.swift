import Foundation
import Hummingbird
import NIOCore
import VitrineCore

/// `/healthz`, `/readyz` and `/metrics`: for those who run the service.
struct HealthAPI {
    let home: ServedHome
    let metrics: PrometheusText

    func healthy(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        JSONAnswer(["status": "ok"])
    }

    /// 200 when everything that work needs is there, else 503; both with one word a part.
    func ready(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        var parts: [String: String] = [:]
        for check in home.checks { parts[check.name] = await check.look() ?? "ok" }
        let isReady = parts.values.allSatisfy { $0 == "ok" }
        return JSONAnswer(
            Readiness(status: isReady ? "ok" : "not ready", parts: parts),
            status: isReady ? .ok : .serviceUnavailable
        )
    }

    func scrape(_ request: Request, _ context: ServerContext) async throws -> Response {
        let counts = try await home.store.counts(JobQuery())
        for state in JobState.Name.allCases {
            metrics.set("vitrine_jobs", [("state", state.rawValue)], Double(counts[state]))
        }
        let now = home.time.now()
        let age = counts[.queued] == 0 ? 0 : max(0, now.timeIntervalSince(counts.nextDueAt ?? now))
        metrics.set("vitrine_queue_age_seconds", [], age)
        return Response(
            status: .ok,
            headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: metrics.text()))
        )
    }

    private struct Readiness: Encodable {
        var status: String
        var parts: [String: String]
    }
}

/// One thing that work needs.
public struct ReadinessCheck: Sendable {
    /// Its name.
    public var name: String
    /// What is wrong with it; nil when nothing is.
    public var look: @Sendable () async -> String?

    /// A check of something.
    public init(_ name: String, _ look: @escaping @Sendable () async -> String?) {
        self.name = name
        self.look = look
    }
}
