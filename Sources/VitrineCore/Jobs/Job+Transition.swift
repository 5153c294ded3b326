public import Foundation

/// An event that cannot happen to a job in its state.
public struct InvalidTransition: Error, Hashable, Sendable {
    /// The state it was in.
    public var state: JobState.Name
    /// What was said to have happened.
    public var event: JobEvent.Name

    /// That event in that state.
    public init(state: JobState.Name, event: JobEvent.Name) {
        self.state = state
        self.event = event
    }
}

extension Job {
    /// The job as it is after `event`, which happened at `now`: the table of docs/job-states.md, and nothing beside it.
    public func after(_ event: JobEvent, at now: Date) throws(InvalidTransition) -> Job {
        var job = self
        switch (state, event) {
        case (.queued, .staged):
            job.calm()
        case (.queued, .begun(let key, _)):
            job.state = .submitting(key)
            job.looks = 0
        case (.submitting, .turnedAway(let failure, let retryAt)), (.rendering, .turnedAway(let failure, let retryAt)):
            job.state = .queued
            job.trip(over: failure, until: retryAt)
        case (.submitting, .accepted(let remote, let pollAt)):
            job.state = .rendering(remote)
            job.calm(until: pollAt)
        case (.submitting, .looked(let nextAt)):
            job.looks += 1
            job.dueAt = nextAt
        case (.rendering, .stillRendering(let progress, let pollAt)):
            job.progress = progress
            job.calm(until: isCancelWanted ? now : pollAt)
        case (.rendering, .rendered(let video)):
            job.state = .rendered(video)
            job.calm(until: now)
        case (.rendered(let video), .lapsed(let pollAt)):
            job.state = .rendering(video.job)
            job.failures += 1
            job.dueAt = pollAt
        case (.queued, .stumbled(let failure, let retryAt)), (.rendering, .stumbled(let failure, let retryAt)),
            (.rendered, .stumbled(let failure, let retryAt)), (.fetched, .stumbled(let failure, let retryAt)):
            job.trip(over: failure, until: retryAt)
        case (.rendered, .fetched(let clip)):
            let isLast = shots.count + 1 >= max(1, request.shots.count)
            job.state = isLast ? .fetched(clip) : .queued
            if !isLast { job.shots.append(clip) }
            job.calm(until: now)
        case (.fetched, .attached(let video)):
            job.state = .finished(video.id)
            job.calm(until: now)
        case (.finished, .refinished(let clip, let request)):
            job.request = request
            job.state = .fetched(clip)
            job.calm(until: now)
        case (.queued, .fellBack(let passed, let next)) where canFallBack(passed, to: next),
            (.submitting, .fellBack(let passed, let next)) where looks == 0 && canFallBack(passed, to: next),
            (.rendering, .fellBack(let passed, let next)) where canFallBack(passed, to: next):
            job.fallBack(passed, to: next)
            job.calm(until: now)
        case (.finished, .gaveUp), (.failed, .gaveUp), (.cancelled, .gaveUp):
            throw InvalidTransition(state: state.name, event: event.name)
        case (_, .gaveUp(let failure)):
            job.state = .failed(failure)
            job.lastFailure = failure
            job.dueAt = now
        case (.failed(let failure), .cancelled) where failure.mayBeBilled:
            job.state = .cancelled
            job.dueAt = now
        case (.finished, .cancelled), (.failed, .cancelled), (.cancelled, .cancelled):
            throw InvalidTransition(state: state.name, event: event.name)
        case (_, .cancelled):
            job.state = .cancelled
            job.dueAt = now
        case (.failed(let failure), .adopted(let remote, let pollAt)) where failure.kind == .unknownOutcome:
            job.state = .rendering(remote)
            job.isCancelWanted = false
            job.calm(until: pollAt)
        case (.cancelled, .adopted(let remote, let pollAt)):
            job.state = .rendering(remote)
            job.isCancelWanted = false
            job.calm(until: pollAt)
        case (.failed, .retried), (.cancelled, .retried):
            job.state = .queued
            job.isCancelWanted = false
            job.calm(until: now)
        default:
            throw InvalidTransition(state: state.name, event: event.name)
        }
        if job.state.isFinal { job.lease = nil }
        return job
    }

    /// Whether another provider of its list may be asked instead: nothing was made yet, nothing has been paid, and it is certain that
    /// nothing more comes of what was sent.
    private func canFallBack(_ passed: PassedProvider, to next: Alternative) -> Bool {
        passed.provider == request.provider && passed.allowsFallback && shots.isEmpty && alternatives.contains(next)
            && (state == .queued || passed.reason == .refused) && !isCancelWanted
    }

    private mutating func fallBack(_ provider: PassedProvider, to next: Alternative) {
        passed.append(provider)
        alternatives.removeAll { $0 == next }
        // Who was only out may be asked again, after all others.
        if provider.reason == .out {
            alternatives.append(Alternative(request: request, price: price, lane: providerLane))
        }
        request = next.request
        fingerprint = next.request.fingerprint
        price = next.price
        providerLane = next.lane
        state = .queued
        progress = nil
        looks = 0
    }

    private mutating func calm(until moment: Date? = nil) {
        failures = 0
        lastFailure = nil
        if let moment { dueAt = moment }
    }

    private mutating func trip(over failure: JobFailure, until moment: Date) {
        failures += 1
        lastFailure = failure
        dueAt = moment
    }
}
