import VitrineCore

/// What a refusal or failure of a provider means: every documented one is one of these.
enum Meaning: Hashable, Sendable, CaseIterable {
    /// Too many requests; come back later.
    case rateLimited
    /// The day's or the account's quota is used up: come back much later.
    case quotaSpent
    /// It has no room, or a fault of its own; it certainly took nothing.
    case busy
    /// Its rules about content forbid it.
    case moderated
    /// The request is not as it should be.
    case badRequest
    /// It could not fetch or read the picture; once more may help.
    case pictureNotRead
    /// Our key is not accepted, or may not do this.
    case keyRefused
    /// The account is empty.
    case outOfCredit
    /// It no longer offers this.
    case retired
    /// It began and failed; once more may help.
    case broke
    /// It began, and somebody stopped it.
    case stopped
    /// It no longer knows the job.
    case vanished
    /// Nobody knows whether it took the request.
    case unknown

    /// Whether the same request may fare better once more; more often than that it would only be refused again.
    var mayHelpOnce: Bool { self == .pictureNotRead || self == .broke }

    /// The failure in plain words, with what the provider said and a remedy.
    func failure(of provider: ProviderID, saying detail: String?, billed: JobFailure.Billed = .no) -> JobFailure {
        let name = "`\(provider)`"
        let said = detail.map { ": " + Meaning.trimmed($0) } ?? ""
        let variable = "VITRINE_\(provider.rawValue.uppercased())_KEY"
        func made(_ kind: JobFailure.Kind, _ words: String, _ hint: String?) -> JobFailure {
            // Money: where nobody knows whether it left, nothing goes on by itself, whatever the words.
            guard billed != .unknown else {
                let hint = "look at the provider's own list before you retry: it may have been billed"
                return JobFailure(.unknownOutcome, words + said, hint: hint, billed: billed)
            }
            return JobFailure(kind, words + said, hint: hint, billed: billed)
        }
        return switch self {
        case .rateLimited: made(.tooMany, "\(name) asks us to send less", nil)
        case .quotaSpent:
            made(.tooMany, "the quota at \(name) is used up for now", "wait, or ask the provider for a higher tier")
        case .busy: made(.busy, "\(name) has no room or is out of order", nil)
        case .moderated:
            made(
                .moderated,
                "\(name) refuses the content",
                "look at the picture and the prompt for brands, people and words it may mind, or use another provider"
            )
        case .badRequest:
            made(.refused, "\(name) does not accept the request", "change the preset's length, size or prompt")
        case .pictureNotRead:
            made(.refused, "\(name) could not read the picture", "look at the first frame, or use another picture")
        case .keyRefused:
            made(
                .badKey,
                "\(name) refused the key in `\(variable)`",
                "jobs wait in the queue; run `vitrine providers check \(provider)` after changing the key"
            )
        case .outOfCredit:
            made(
                .outOfCredit,
                "the account at \(name) is empty",
                "jobs wait in the queue; top up, then run `vitrine providers check \(provider)`"
            )
        case .retired:
            made(.retired, "\(name) has retired this model", "name another model or provider in the preset's tiers")
        case .broke: made(.renderFailed, "\(name) began and failed", "retry the job")
        case .stopped: made(.renderFailed, "\(name) stopped the job before it was done", "retry the job")
        case .vanished: made(.renderFailed, "\(name) no longer knows the job", nil)
        case .unknown: made(.unreachable, "\(name) did not answer clearly", nil)
        }
    }

    /// The error of a call that ended so.
    func error(
        of provider: ProviderID,
        saying detail: String?,
        retryAfter: Duration? = nil,
        billed: JobFailure.Billed = .no
    ) -> ProviderError {
        let failure = failure(of: provider, saying: detail, billed: billed)
        return switch self {
        case .rateLimited:
            ProviderError(failure, isPassing: true, retryAfter: retryAfter, pausesLane: retryAfter != nil)
        case .quotaSpent:
            ProviderError(failure, isPassing: true, retryAfter: retryAfter ?? .seconds(1800), pausesLane: true)
        case .busy: ProviderError(failure, isPassing: true, retryAfter: retryAfter)
        case .keyRefused, .outOfCredit:
            ProviderError(failure, isPassing: true, retryAfter: .seconds(3600), pausesLane: true)
        case .unknown: ProviderError(failure, mayHaveBeenSent: true, isPassing: true, retryAfter: retryAfter)
        case .pictureNotRead, .broke: ProviderError(failure, retryAfter: retryAfter, mayHelpOnce: mayHelpOnce)
        case .moderated, .badRequest, .retired, .stopped, .vanished: ProviderError(failure)
        }
    }

    /// What a provider says, on one line and not too long.
    private static func trimmed(_ detail: String) -> String {
        let line = detail.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.count > 300 ? line.prefix(300) + "…" : line
    }
}

/// One documented answer and what it means.
struct ErrorLine: Sendable {
    /// The status it comes with; nil for any.
    var status: Int?
    /// How the provider's own code begins; nil for any.
    var code: String?
    /// Words that stand in its message, in lower case; nil for any.
    var words: String?
    /// What it means.
    var meaning: Meaning

    init(_ status: Int? = nil, code: String? = nil, words: String? = nil, _ meaning: Meaning) {
        self.status = status
        self.code = code
        self.words = words
        self.meaning = meaning
    }
}

/// The documented answers of one provider, the more exact ones first.
struct ErrorTable: Sendable {
    let lines: [ErrorLine]

    /// What an answer means; nil when nothing of the table fits.
    ///
    /// Money: with `isPaid`, an answer that the provider is out of order is clear only by a line for exactly its status.
    func meaning(status: Int?, code: String?, message: String?, isPaid: Bool = false) -> Meaning? {
        let message = message?.lowercased() ?? ""
        let isUnclear = isPaid && (status == 408 || status ?? 0 >= 500)
        return lines.first { line in
            guard !isUnclear || line.status != nil else { return false }
            return
                (line.status == nil || line.status == status)
                && (line.code.map { (code ?? "").hasPrefix($0) } ?? true)
                && (line.words.map { message.contains($0) } ?? true)
        }?.meaning
    }

    /// What any provider means by a status that its table does not know.
    static func meaning(ofStatus status: Int) -> Meaning {
        switch status {
        case 401, 403: .keyRefused
        case 402: .outOfCredit
        case 404, 405, 410: .badRequest
        case 408, 500...: .unknown
        case 429: .rateLimited
        default: .badRequest
        }
    }
}
