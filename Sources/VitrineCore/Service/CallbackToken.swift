internal import Crypto
internal import Foundation

extension LinkSecret {
    /// The path that a provider may call about a job: `/v1/webhooks/{provider}/{token}`; nobody can make one without the secret.
    public func callbackPath(provider: ProviderID, job: JobID) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: text(provider, job), using: SymmetricKey(data: bytes))
        return "/v1/webhooks/\(provider)/\(job).\(Base64URL.text(of: Array(code)))"
    }

    /// The job that a provider's callback is about; nil when its token was not made here for that provider.
    public func job(ofCallback token: String, provider: ProviderID) -> JobID? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let given = Base64URL.bytes(of: String(parts[1])) else { return nil }
        let job = JobID(String(parts[0]))
        let isOurs = HMAC<SHA256>.isValidAuthenticationCode(
            given,
            authenticating: text(provider, job),
            using: SymmetricKey(data: bytes)
        )
        return isOurs ? job : nil
    }

    /// The path at which a provider may ring for all jobs, where it cannot be told one for each: its callbacks must be signed.
    public func callbackPath(provider: ProviderID) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: text(provider), using: SymmetricKey(data: bytes))
        return "/v1/webhooks/\(provider)/\(Base64URL.text(of: Array(code)))"
    }

    /// Whether a token is the one under which that provider may ring for all jobs.
    public func isForAllJobs(_ token: String, provider: ProviderID) -> Bool {
        guard let given = Base64URL.bytes(of: token) else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(
            given,
            authenticating: text(provider),
            using: SymmetricKey(data: bytes)
        )
    }

    private func text(_ provider: ProviderID) -> Data {
        Data("vitrine.callbacks.1\n\(provider)".utf8)
    }

    private func text(_ provider: ProviderID, _ job: JobID) -> Data {
        Data("vitrine.callback.1\n\(provider)\n\(job)".utf8)
    }
}
