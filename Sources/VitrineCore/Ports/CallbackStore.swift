public import Foundation

/// Where a provider's callback is heard: it only wakes its job, which then looks for itself.
public protocol CallbackStore: Sendable {
    /// Makes a job due now if its provider is at work on it; gives back whether it was.
    func wake(_ job: JobID, at now: Date) async throws(StoreError) -> Bool
}
