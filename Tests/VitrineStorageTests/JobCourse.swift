import Foundation
import VitrineCore
import VitrineStorage

/// Drives jobs of one store along their usual course.
struct JobCourse {
    let store: SQLStore
    var lane: LaneID = "local"
    var token = "worker"

    /// A store with a run and its lanes.
    static func begin(_ store: SQLStore, limit: Int = 10, interval: Duration = .zero) async throws -> JobCourse {
        try await store.begin(Run(id: "r_1", plan: nil, createdAt: Sample.start))
        try await store.register([
            Lane(id: "local", limit: limit, interval: interval), Lane(id: .finishing, limit: 2),
        ])
        return JobCourse(store: store)
    }

    func claim(
        _ lane: LaneID? = nil,
        run: RunID? = nil,
        limit: Int = 10,
        at moment: Date = Sample.start,
        until: Date? = nil
    ) async throws -> [Job] {
        try await store.claim(
            lane: lane ?? self.lane,
            run: run,
            token: token,
            until: until ?? moment.adding(.seconds(180)),
            limit: limit,
            at: moment
        )
    }

    @discardableResult
    func record(
        _ event: JobEvent,
        _ job: JobID,
        submission: SubmissionKey? = nil,
        at moment: Date = Sample.start,
        keeps: Bool = true
    ) async throws -> Job {
        try await store.record(
            event,
            for: job,
            submission: submission,
            token: token,
            keepingLeaseUntil: keeps ? moment.adding(.seconds(180)) : nil,
            at: moment
        )
    }

    /// Enqueues, claims and brings a job to a state; the lease is kept unless the state is final.
    @discardableResult
    func bring(
        _ new: NewJob,
        to state: JobState.Name,
        reserving: Money? = nil,
        cost: Money? = nil,
        at moment: Date = Sample.start
    ) async throws -> Job {
        _ = try await store.enqueue([new])
        let id = new.job.id
        let key = SubmissionKey("k-\(id)")
        guard var job = try await claim(at: moment).first(where: { $0.id == id }) else {
            throw StoreError(.notFound, "the lane gave no job")
        }
        let events: [(JobState.Name, JobEvent)] = [
            (.submitting, .begun(key, reserving: reserving ?? new.job.price)),
            (.rendering, .accepted(Sample.remote, pollAt: moment)),
            (.rendered, .rendered(Sample.rendered(cost: cost))),
            (.fetched, .fetched(Sample.clip)),
            (.finished, .attached(Sample.video(VideoID("v_\(id)"), of: new.job, at: moment))),
        ]
        if state == .queued { return job }
        for (reached, event) in events {
            job = try await record(event, id, at: moment)
            if reached == state { return job }
        }
        switch state {
        case .cancelled: return try await store.decide(.cancelled, for: id, at: moment)
        default: return job
        }
    }
}
