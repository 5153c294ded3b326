import Foundation
import Logging
public import VitrineCore

/// Addresses of this home that the world can reach.
public struct PublicAddresses: Sendable {
    /// Where a kept file can be read for a while.
    public var picture: @Sendable (MediaFile) -> String
    /// Where a provider can say that something has happened to a job; nobody else can guess it.
    public var callback: @Sendable (JobID, ProviderID) -> String

    /// Addresses made by two functions.
    public init(
        picture: @escaping @Sendable (MediaFile) -> String,
        callback: @escaping @Sendable (JobID, ProviderID) -> String
    ) {
        self.picture = picture
        self.callback = callback
    }
}

extension JobRunner {
    /// How the pictures of an order reach its provider.
    enum PictureStanding {
        /// The order carries them, or names these addresses.
        case ready([String])
        /// They must be uploaded first.
        case toUpload
        /// The provider cannot get them at all.
        case unreachable(JobFailure)
    }

    /// How the pictures of an order reach its provider, as things stand.
    func pictures(for order: SubmissionOrder, of job: Job, _ provider: any VideoProvider) async -> PictureStanding {
        switch provider.route(for: order) {
        case .inline: return .ready([])
        case .upload:
            let addresses = await staged(for: job)
            return addresses.isEmpty ? .toUpload : .ready(addresses)
        case .address:
            guard let reach else {
                return .unreachable(
                    JobFailure(
                        .missing,
                        "`\(provider.id)` fetches pictures by address, and nothing of this home can be reached",
                        hint: "set `VITRINE_PUBLIC_URL` to where `vitrine serve` or `vitrine work --listen` is reached"
                    )
                )
            }
            let frame = MediaFile(digest: order.frame.digest, bytes: 0, kind: "png")
            let others = order.references.compactMap { path -> String? in
                let name = URL(filePath: path).deletingPathExtension().lastPathComponent
                return Digest(hexadecimal: name).map { reach.picture(MediaFile(digest: $0, bytes: 0, kind: "png")) }
            }
            return .ready([reach.picture(frame)] + others)
        }
    }

    /// Uploads the pictures as a step of its own: a slow line never makes a submission doubtful.
    func stage(_ order: SubmissionOrder, _ job: Job, _ provider: any VideoProvider, token: String) async -> Job? {
        do throws(ProviderError) {
            let staged = try await provider.stage(order)
            let asset = staged.addresses.joined(separator: "\n")
            return await record(.staged(asset: asset, until: staged.until), for: job, token: token)
        } catch {
            return await stumble(job, over: error, provider, token: token)
        }
    }

    /// Addresses that were staged for the clip that is next, while they last: the job's history knows them.
    private func staged(for job: Job) async -> [String] {
        do throws(StoreError) {
            let end = time.now().adding(.seconds(180))
            for record in try await jobs.events(of: job.id).reversed() {
                switch record.event {
                case .staged(let asset, let until):
                    // Uploads are kept for a day at least wherever nothing else is said.
                    guard until ?? record.at.adding(.seconds(43_200)) > end else { return [] }
                    return asset.split(separator: "\n").map(String.init)
                case .fetched, .fellBack, .gaveUp, .retried: return []
                // The provider may not have been able to read what was uploaded.
                case .turnedAway(let failure, _) where failure.kind.isVerdict: return []
                default: continue
                }
            }
        } catch {
            log.warning("history not read", metadata: ["job.id": "\(job.id)", "store": "\(error.kind)"])
        }
        return []
    }

    /// What is known of a submission that was not answered.
    func search(for key: SubmissionKey, of job: Job) async -> LostSubmission {
        var search = LostSubmission(begunAt: job.createdAt)
        do throws(StoreError) {
            search.begunAt = try await jobs.submissions(of: job.id).first { $0.key == key }?.begunAt ?? job.createdAt
            let since = search.begunAt.adding(.seconds(-900))
            let others = try await jobs.submissions(to: job.request.provider, since: since).filter { $0.key != key }
            search.known = Set(others.compactMap(\.remote?.id))
            search.isAlone = !others.contains { $0.outcome == .open || $0.outcome == .doubtful }
        } catch {
            log.warning("submissions not read", metadata: ["job.id": "\(job.id)", "store": "\(error.kind)"])
        }
        return search
    }
}
