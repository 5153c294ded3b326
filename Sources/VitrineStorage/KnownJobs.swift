import Synchronization
import VitrineCore

/// Jobs as this process last read or wrote them: whoever goes on with one need not read it again while its row still has that revision.
final class KnownJobs: Sendable {
    private let jobs = Mutex<[JobID: StoredJob]>([:])
    private static let most = 10_000

    subscript(_ id: JobID) -> StoredJob? {
        jobs.withLock { $0[id] }
    }

    /// Keeps what was committed.
    func keep(_ stored: StoredJob) {
        jobs.withLock { jobs in
            if stored.job.state.isFinal {
                jobs[stored.job.id] = nil
            } else {
                if jobs.count >= KnownJobs.most { jobs.removeAll(keepingCapacity: true) }
                jobs[stored.job.id] = stored
            }
        }
    }
}
