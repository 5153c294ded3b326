import VitrineCore

/// What a plan says of one slot, and why.
struct SlotVerdict {
    var change: Change
    var why: String
    var request: VideoRequest
    var take: Int
}

/// Compares what today's catalogue and presets ask of a slot with what its takes were asked.
struct RequestComparison {
    let slot: SlotRecord
    /// What would be asked for a take of that number.
    let asked: (_ take: Int) -> VideoRequest
    /// Only takes of this provider count, when several were asked for.
    let provider: ProviderID?

    var verdict: SlotVerdict {
        let takes = slot.takes.filter { take in
            take.jobState != .cancelled && !take.wasDropped && (provider == nil || take.request.provider == provider)
        }
        let next = (slot.takes.map(\.number).max() ?? 0) + 1
        guard let newest = takes.last else {
            return SlotVerdict(change: .new, why: "nothing has been made for it yet", request: asked(next), take: next)
        }
        for take in takes.reversed() {
            let request = asked(take.number)
            if request.fingerprint == take.fingerprint { return verdict(of: take, asked: request) }
        }
        if !newest.jobState.isFinal {
            let why = "take \(newest.number) is still being made from an earlier request"
            return SlotVerdict(change: .inFlight, why: why, request: newest.request, take: newest.number)
        }
        let request = asked(next)
        let why = "asked differently: " + request.differences(from: newest.request).joined(separator: ", ")
        let isDecided = takes.contains { $0.videoState == .approved || $0.isChosen }
        return SlotVerdict(
            change: isDecided ? .stale : .changed,
            why: isDecided ? why + "; the approved take stays" : why,
            request: request,
            take: next
        )
    }

    private func verdict(of take: Take, asked request: VideoRequest) -> SlotVerdict {
        let (change, why): (Change, String) =
            if take.videoState == .rejected {
                (.rejected, "take \(take.number) was rejected; regenerate it with another seed or prompt")
            } else if take.jobState == .failed {
                (.failed, "take \(take.number) failed; retry its job `\(take.job)`")
            } else if !take.jobState.isFinal {
                (.inFlight, "take \(take.number) is being made")
            } else if request.finishFingerprint != take.request.finishFingerprint {
                (.refinish, "what stands over the clip has changed")
            } else {
                (.unchanged, "take \(take.number) is as it should be")
            }
        return SlotVerdict(change: change, why: why, request: request, take: take.number)
    }
}

extension Take {
    /// Whether its video was made and pruned since; what was rejected is remembered all the same.
    var wasDropped: Bool { jobState == .finished && video == nil && videoState != .rejected }
}

extension VideoRequest {
    /// In words, what is asked differently from an earlier request.
    func differences(from earlier: VideoRequest) -> [String] {
        var words: [String] = []
        if pictures != earlier.pictures { words.append("picture") }
        if frame != earlier.frame { words.append("first frame") }
        if prompt != earlier.prompt { words.append("prompt") }
        if avoid != earlier.avoid { words.append("avoid") }
        if style != earlier.style { words.append("style") }
        if motion != earlier.motion { words.append("motion") }
        if seconds != earlier.seconds || fps != earlier.fps { words.append("length") }
        if sound != earlier.sound { words.append("sound") }
        if provider != earlier.provider { words.append("provider") }
        if model != earlier.model || mode != earlier.mode { words.append("model") }
        if tier != earlier.tier { words.append("tier") }
        if shots != earlier.shots { words.append("shots") }
        if words.isEmpty { words.append("seed") }
        return words
    }
}
