import Foundation
import VitrineCore

/// What the servers of all providers work with.
struct Desk: Sendable {
    let world: SimulatedWorld
    let pictures: PictureDoor
    let clips: ClipMaker
    let bell: WebhookBell

    /// A signed link to the clip of a job, as storage hosts give them out.
    func link(to job: SimulatedJob, call: Call, expiry: String = "Expires", signature: String = "Signature") -> String {
        let habits = world.habits(of: job.provider)
        var isDead = false
        var number = 0
        world.change(job) { job in
            isDead = job.hasDeadLink
            job.links += 1
            number = job.links
        }
        let until = world.now.adding(isDead ? .seconds(-1) : habits.links)
        let base = habits.hasSecureLinks ? call.base.replacing("http://", with: "https://") : call.base
        let seconds = until.milliseconds / 1000
        let mark = self.mark(job.id, number: number, until: seconds)
        return "\(base)/files/\(job.id).mp4?\(expiry)=\(seconds)&n=\(number)&\(signature)=\(mark)"
    }

    /// The route that links lead to.
    ///
    /// It is open: a key that comes with it is refused, as signed links refuse a second credential.
    func files(expiry: String = "Expires", signature: String = "Signature") -> Route {
        Route(.download, "GET", "/files/{}.mp4", isOpen: true) { call, names in
            guard call.headers["authorization"] == nil, call.headers["x-goog-api-key"] == nil else {
                return Desk.storage(403, "SignatureDoesNotMatch", "the request is signed twice: send no key with it")
            }
            guard let until = call.query(expiry).flatMap(Int64.init), let number = call.query("n").flatMap({ Int($0) }),
                call.query(signature) == mark(names[0], number: number, until: until)
            else { return Desk.storage(403, "SignatureDoesNotMatch", "the signature does not fit") }
            guard world.now.milliseconds / 1000 < until else {
                if let job = world.job(names[0], of: call.provider, account: nil) { _ = takeDeadLink(of: job) }
                return Desk.storage(403, "AccessDenied", "Request has expired.")
            }
            guard let job = world.job(names[0], of: call.provider, account: nil), job.phase(at: world.now) == .succeeded
            else { return Desk.storage(404, "NoSuchKey", "The specified key does not exist.") }
            return try await clip(of: job, for: call)
        }
    }

    /// Whether the job's link is dead; once it was tried, the next one lives.
    func takeDeadLink(of job: SimulatedJob) -> Bool {
        world.change(job) { $0.hasDeadLink = false }
        return job.hasDeadLink
    }

    /// The bytes of a job's clip, or the range of them that was asked for.
    func clip(of job: SimulatedJob, for call: Call) async throws -> Reply {
        let bytes = try await clips.clip(of: job.order)
        world.downloaded(job)
        return .file(bytes, kind: "video/mp4", for: call)
    }

    private func mark(_ job: String, number: Int, until: Int64) -> String {
        Digest(of: "link \(job) \(number) \(until)").digits(32)
    }

    private static func storage(_ status: Int, _ code: String, _ message: String) -> Reply {
        let body = "<?xml version=\"1.0\"?><Error><Code>\(code)</Code><Message>\(message)</Message></Error>"
        return Reply(status: status, headers: ["content-type": "application/xml"], body: Data(body.utf8))
    }

    /// The size of a clip that follows its picture: the shorter side by the resolution, both even.
    static func size(following picture: PixelSize, shortSide: Int) -> PixelSize {
        let long = Double(shortSide) * Double(picture.longSide) / Double(max(1, picture.shortSide))
        let even = Int((long / 2).rounded()) * 2
        return picture.width >= picture.height
            ? PixelSize(width: even, height: shortSide) : PixelSize(width: shortSide, height: even)
    }

    /// The price of so many seconds at so many millionths each.
    static func price(_ microsPerSecond: Int64, seconds: Double, currency: String = "USD") -> Money {
        Money(micros: Int64((Double(microsPerSecond) * seconds).rounded()), currency: currency)
    }
}
