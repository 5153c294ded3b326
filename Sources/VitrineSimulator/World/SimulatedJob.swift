import Foundation
import VitrineCore

/// A job at a simulated provider: everything that will become of it is known when it is accepted, and time tells it.
struct SimulatedJob: Sendable {
    enum Fate: String, Hashable, Sendable {
        case succeeds
        case fails
        case moderated
        /// The provider could not use its picture.
        case pictureRefused = "picture-refused"
        case neverEnds = "never-ends"
        /// It is forgotten as soon as work on it begins.
        case vanishes
    }

    enum Phase: Hashable, Sendable {
        case queued
        case running(Double)
        case succeeded
        /// Failed, moderated or with its picture refused.
        case failed(Fate)
        case cancelled
        case gone
    }

    var id: String
    var provider: String
    var order: ClipOrder
    var fate: Fate
    var account: String
    var acceptedAt: Date
    var beginsAt: Date
    var endsAt: Date
    var cancelledAt: Date?
    var deletedAt: Date?
    /// Links that are given out are dead already, until somebody has tried one.
    var hasDeadLink = false
    /// Counts the links, so that each differs.
    var links = 0

    func phase(at now: Date) -> Phase {
        if deletedAt != nil { return .gone }
        if cancelledAt != nil { return .cancelled }
        if now < beginsAt { return .queued }
        switch fate {
        case .vanishes: return .gone
        case .neverEnds: return .running(0.3)
        case .succeeds, .fails, .moderated, .pictureRefused:
            if now < endsAt {
                let whole = endsAt.timeIntervalSince(beginsAt)
                return .running(whole > 0 ? now.timeIntervalSince(beginsAt) / whole : 0)
            }
            return fate == .succeeds ? .succeeded : .failed(fate)
        }
    }

    /// Whether it takes a place in flight.
    func isUnfinished(at now: Date) -> Bool {
        switch phase(at: now) {
        case .queued, .running: true
        case .succeeded, .failed, .cancelled, .gone: false
        }
    }
}

/// What a provider is asked to make, whatever words it was asked in.
struct ClipOrder: Sendable {
    var model: String
    var prompt: String
    var seconds: Double
    var size: PixelSize
    var hasSound = true
    var seed: Int?
    /// The first is the first frame.
    var pictures: [SimulatedPicture] = []
    /// What the provider says of a picture that it cannot use; the job fails by it.
    var pictureTrouble: String?
    var price: Money
    /// Where the provider shall ring.
    var webhook: String?
    /// What the provider gives back as it was given.
    var echo: [String: JSON] = [:]

    /// By which the same work is known when it is ordered twice.
    var digest: Digest {
        Digest(
            of: [
                model, prompt, "\(seconds)", size.description, "\(hasSound)", "\(seed ?? -1)",
                pictures.map(\.digest.hexadecimal).joined(separator: " "),
            ].joined(separator: "\n")
        )
    }
}

/// A picture that a provider got.
struct SimulatedPicture: Hashable, Sendable {
    var digest: Digest
    var size: PixelSize
    var bytes: Data
}
