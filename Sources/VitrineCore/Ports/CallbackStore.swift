public import Foundation

/// Where a provider's callback is heard: it only wakes its job, which then looks for itself.
public protocol CallbackStore: Sendable {
    /// Makes a job due now if its provider is at work on it, or takes it up again if it was given up while the provider had it;
    /// gives back whether either was so.
    func wake(_ job: JobID, at now: Date) async throws(StoreError) -> Bool
    /// The job for which a provider holds the work of that id; nil when it is none of ours that was begun since a moment.
    func job(of remote: String, at provider: ProviderID, since: Date) async throws(StoreError) -> JobID?
}
