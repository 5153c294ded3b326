public import Foundation

/// Everything that a running service keeps beside catalogue and jobs, by aspect.
public typealias ServiceStore = AccessStore & SessionStore & RegenerationStore & ImportStore & PresetStore & EventLog
    & WebhookStore & LinkStore & ListStore & RetentionStore

/// Keys of the HTTP service.
public protocol AccessStore: Sendable {
    /// Keeps a new key.
    func add(_ key: AccessKey) async throws(StoreError)
    /// A key, revoked or not.
    func key(_ id: KeyID) async throws(StoreError) -> AccessKey?
    /// All keys, oldest first, the revoked ones too.
    func keys() async throws(StoreError) -> [AccessKey]
    /// Ends a key for ever; throws `notFound`.
    func revoke(_ id: KeyID, at now: Date) async throws(StoreError) -> AccessKey
    /// Notes that a key was used; written at most once a minute.
    func noteUse(of id: KeyID, at now: Date) async throws(StoreError)
}

/// Who is signed in to the studio.
public protocol SessionStore: Sendable {
    /// Adds a session; those that have ended are forgotten.
    func begin(_ session: Session) async throws(StoreError)
    /// The session with that secret's digest, while it lasts.
    func session(_ digest: Digest, at now: Date) async throws(StoreError) -> Session?
    /// Ends a session.
    func end(_ session: Digest) async throws(StoreError)
}

/// New takes that a person asked for.
public protocol RegenerationStore: Sendable {
    /// What a request under this key was answered within its lifetime; nil when there was none.
    /// Throws `reusedKey` when the key was used for something else.
    func answer(to key: IdempotencyKey, at now: Date) async throws(StoreError) -> String?

    /// Keeps what a person changed, the run, the job and the caller's key, all or nothing.
    /// Throws `reusedKey` as `answer` does, `conflict` when the same is in flight for that slot already, and `overBudget` when
    /// the job costs something and no budget has that much left.
    func regenerate(_ regeneration: Regeneration, at now: Date) async throws(StoreError) -> RegenerationOutcome
}

/// Uploaded feeds.
public protocol ImportStore: Sendable {
    /// Keeps an import that waits.
    func add(_ request: ImportRequest) async throws(StoreError)
    /// One import.
    func importRequest(_ id: ImportID) async throws(StoreError) -> ImportRequest?
    /// Imports, newest first.
    func imports(after cursor: PageCursor?, limit: Int) async throws(StoreError) -> Page<ImportRequest>
    /// Claims the oldest import that is to be worked on, for whoever has that token; nil when there is none, or while another is at work.
    func claimImport(token: String, until: Date, at now: Date) async throws(StoreError) -> ImportRequest?
    /// All claims on imports, with the tokens of those who hold them.
    func importLeases() async throws(StoreError) -> [ImportID: String]
    /// Gives a claim back.
    func releaseImport(_ id: ImportID, token: String) async throws(StoreError)
    /// Writes how far an import has come and renews the claim; throws `leaseLost`.
    func note(
        _ counts: ImportRequest.Counts,
        of id: ImportID,
        token: String,
        until: Date,
        at now: Date
    ) async throws(StoreError)
    /// Writes how an import ended; throws `leaseLost`.
    func end(_ request: ImportRequest, token: String, at now: Date) async throws(StoreError)
    /// Forgets what is known of pictures at places that begin with a text.
    func forgetPictures(under prefix: String) async throws(StoreError)
}

/// Presets that were saved through the studio or the API.
public protocol PresetStore: Sendable {
    /// Saves a version of a preset, or with nil deletes it; gives back the version.
    /// Throws `stale` unless the version before is the expected one; 0 expects that none is there, nil expects nothing.
    func save(
        preset name: String,
        _ text: String?,
        expecting version: Int?,
        by author: KeyID,
        at now: Date
    ) async throws(StoreError) -> PresetVersion
    /// The newest version of each preset that is not deleted, by name.
    func savedPresets() async throws(StoreError) -> [PresetVersion]
    /// A version of a preset, the newest when none is named, also where that is a deletion.
    func savedPreset(_ name: String, version: Int?) async throws(StoreError) -> PresetVersion?
    /// Versions of a preset, newest first.
    func versions(ofPreset name: String, after cursor: PageCursor?, limit: Int) async throws(StoreError) -> Page<
        PresetVersion
    >
    /// A number that grows with every saved version.
    func presetsNumber() async throws(StoreError) -> Int64
}

/// What changed, in the order in which it did.
public protocol EventLog: Sendable {
    /// Rings in this process when events were recorded by it.
    var eventSignal: Signal { get }
    /// The number of the newest event; 0 when there is none.
    func latestEvent() async throws(StoreError) -> Int64
    /// Events after a number, oldest first.
    func events(after number: Int64, limit: Int) async throws(StoreError) -> [HomeEvent]
    /// A number that is another one once anything in the home has changed, whoever changed it, in whatever process. It is had at once.
    func stamp() throws(StoreError) -> Int64
}

/// Addresses that are told, and what they are told.
public protocol WebhookStore: Sendable {
    /// Keeps an address.
    func add(_ webhook: Webhook) async throws(StoreError)
    /// All addresses, oldest first.
    func webhooks() async throws(StoreError) -> [Webhook]
    /// Drops an address with what it was to be told; throws `notFound`.
    func remove(_ webhook: WebhookID) async throws(StoreError)
    /// Switches an address on that was switched off; throws `notFound`.
    func switchOn(_ webhook: WebhookID) async throws(StoreError) -> Webhook
    /// Messages, newest first, to one address or all.
    func deliveries(of webhook: WebhookID?, after cursor: PageCursor?, limit: Int) async throws(StoreError) -> Page<
        Delivery
    >
    /// Claims messages that are due, with the addresses they go to: a few of each address at once, and one of an address that fails.
    func claimDeliveries(token: String, until: Date, limit: Int, at now: Date) async throws(StoreError)
        -> [(delivery: Delivery, webhook: Webhook)]
    /// Writes what came of a claimed message and gives the claim back; a lost claim changes nothing.
    /// Switches the address off when it is gone or has taken nothing for as long as `Webhook.patience`, and gives back whether it did:
    /// what was still to be told is given up then.
    func record(_ delivery: Delivery, _ answer: DeliveryAnswer, token: String, at now: Date) async throws(StoreError)
        -> Bool
    /// Makes a message due again, whatever became of it; throws `notFound`, and `conflict` while its address is switched off.
    func replay(_ delivery: DeliveryID, at now: Date) async throws(StoreError) -> Delivery
    /// Makes everything due again that was given up of an address; gives back how many. Throws as `replay` does.
    func replayMissed(of webhook: WebhookID, at now: Date) async throws(StoreError) -> Int
    /// When the next message is due.
    func nextDelivery() async throws(StoreError) -> Date?
}

/// Links that last.
public protocol LinkStore: Sendable {
    /// The secret that signs links of this home: `new` if there was none.
    func linkSecret(orElse new: LinkSecret) async throws(StoreError) -> LinkSecret
    /// The token of each slot, made where there is none.
    func links(to slots: [Slot], random: RandomSource, at now: Date) async throws(StoreError) -> [Slot: LinkToken]
    /// Ends the link to a slot; the next one has another token. Gives back whether there was one.
    func revokeLink(to slot: Slot, at now: Date) async throws(StoreError) -> Bool
    /// The video that a link shows: the take that the shop shows; nil when there is none or the link has ended.
    func video(at link: LinkToken) async throws(StoreError) -> Video?
}

/// Long lists in pages, any of which is found as fast as the first.
public protocol ListStore: Sendable {
    /// Products of the catalogue in feed order, all or only those in some states; a page may be short, or even empty, although more follows.
    /// Throws `badCursor` for a cursor that is none, as all of these do.
    func products(_ query: ProductQuery, states: [ProductState], after cursor: PageCursor?, limit: Int)
        async throws(StoreError) -> Page<ListedProduct>
    /// Jobs, newest first.
    func jobs(_ query: JobQuery, after cursor: PageCursor?, limit: Int) async throws(StoreError) -> Page<Job>
    /// Videos, newest first.
    func videos(_ query: VideoQuery, after cursor: PageCursor?, limit: Int) async throws(StoreError) -> Page<Video>
    /// Rows of a plan in order.
    func rows(of plan: PlanID, _ query: PlanRowQuery, after cursor: PageCursor?, limit: Int) async throws(StoreError)
        -> Page<PlannedRequest>
}

/// What a home forgets with time.
public protocol RetentionStore: Sendable {
    /// Drops what is older than a moment and of no more use: events, ended deliveries, ended imports, plans that were never applied;
    /// and idempotency keys whose lifetime is over. Gives back how many rows went, by their kind.
    func retire(before moment: Date, at now: Date) async throws(StoreError) -> [String: Int]
}
