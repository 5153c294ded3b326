import VitrineCore

/// An event with the texts that are stored of it, which are made outside of the transaction: others wait for that.
struct ToldEvent: Sendable {
    private let event: JobEvent
    private let text: String
    private let state: JobState?
    private let payload: String?
    private let video: (preset: String, clip: String)?

    init(_ event: JobEvent) {
        self.event = event
        text = StoredJSON.text(event)
        state =
            switch event {
            case .begun(let key, _): .submitting(key)
            case .accepted(let remote, _), .adopted(let remote, _): .rendering(remote)
            case .rendered(let video): .rendered(video)
            case .fetched(let clip): .fetched(clip)
            case .attached(let video): .finished(video.id)
            case .gaveUp(let failure): .failed(failure)
            default: nil
            }
        payload = state?.payload
        video =
            if case .attached(let video) = event {
                (StoredJSON.text(video.preset), StoredJSON.text(video.clip))
            } else { nil }
    }

    /// The text of an event: this one's, or another one's that came of it.
    func text(of other: JobEvent) -> String {
        other == event ? text : StoredJSON.text(other)
    }

    /// What is stored of a provider's job.
    func text(of remote: RemoteJob) -> String {
        if case .rendering(remote) = state, let payload { return payload }
        return StoredJSON.text(remote)
    }

    /// What is stored of the state that the event led to.
    func payload(of state: JobState) -> String? {
        state == self.state ? payload : state.payload
    }

    /// What is stored of a video's preset and clip.
    func texts(of video: Video) -> (preset: String, clip: String) {
        if case .attached(let mine) = event, mine.preset == video.preset, mine.clip == video.clip,
            let texts = self.video
        {
            return texts
        }
        return (StoredJSON.text(video.preset), StoredJSON.text(video.clip))
    }
}
