public import Foundation
import GRDB
public import VitrineCore

extension SQLStore: CallbackStore {
    /// See `CallbackStore.wake`.
    public func wake(_ job: JobID, at now: Date) async throws(StoreError) -> Bool {
        try await write { database in
            let changed = try database.run(
                "UPDATE job SET due_at = ?2, revision = revision + 1 WHERE id = ?1 AND state = 'rendering' AND due_at > ?2",
                job.rawValue,
                now.milliseconds
            )
            return changed == 1
        }
    }
}
