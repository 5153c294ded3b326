public import Foundation
public import VitrineCore

/// A job, as `--json` and the API print it.
public struct JobDetail: Encodable {
    struct Event: Encodable {
        var at: Date
        var actor: Actor
        var event: JobEvent.Name
    }

    struct Passed: Encodable {
        var provider: ProviderID
        var reason: PassedProvider.Reason
        var why: String
    }

    var id: JobID
    var product: ProductID
    var skus: [SKU]
    var placement: Placement
    var provider: ProviderID
    var model: String
    var tier: Tier
    var take: Int
    var state: JobState.Name
    var cancelWanted: Bool?
    var held: String?
    var dueAt: Date
    var failures: Int
    var failure: JobFailure?
    var remote: RemoteJob?
    var price: Money
    var fingerprint: Fingerprint
    var passed: [Passed]?
    var events: [Event]?

    /// What is to be told of a job, of its product's SKUs, and of the lanes as they are now.
    public init(_ job: Job, skus: [SKU], lanes: [Lane], now: Date, events: [JobEventRecord]?) {
        self.skus = skus
        id = job.id
        product = job.slot.product
        placement = job.slot.placement
        provider = job.request.provider
        model = job.request.model
        tier = job.request.tier
        take = job.take
        state = job.state.name
        cancelWanted = job.isCancelWanted && !job.state.isFinal ? true : nil
        let lane = lanes.first { $0.id == job.lane }
        held = lane.flatMap { ($0.pausedUntil ?? now) > now ? $0.pauseReason : nil }
        dueAt = job.dueAt
        failures = job.failures
        failure = job.lastFailure
        if case .rendering(let remote) = job.state { self.remote = remote }
        price = job.price
        fingerprint = job.fingerprint
        if !job.passed.isEmpty {
            passed = job.passed.map { Passed(provider: $0.provider, reason: $0.reason, why: $0.failure.message) }
        }
        self.events = events?.map { Event(at: $0.at, actor: $0.actor, event: $0.event.name) }
    }
}
