import Foundation
import Synchronization
import VitrineCore
import VitrineSimulator
import VitrineStorage

/// Compares what the providers would have billed with what a shop knows.
final class FaultJudge: Sendable {
    /// The clip of each provider: the same bytes for all, since the picture is.
    private let clips = Mutex<[ProviderID: Digest]>([:])

    /// What came of a shop whose every job has been worked on to its end.
    func verdict(on shop: SimulatedShop, _ ledger: BillLedger, _ place: String) async throws -> FaultTally {
        var tally = FaultTally()
        tally.orders = ledger.entries.count
        tally.doubled = ledger.doubled.count
        if tally.doubled > 0 { tally.wrongs.append("\(place): \(tally.doubled) doubled") }
        var bills: [String: [BillLedger.Entry]] = [:]
        for entry in ledger.entries { bills[SimulatedShop.mark(entry.prompt) ?? "", default: []].append(entry) }
        var jobs: [Job] = []
        while true {
            let page = try await shop.store.jobs(JobQuery(), offset: jobs.count, limit: 500)
            if page.isEmpty { break }
            jobs += page
        }
        for job in jobs {
            let bills = bills.removeValue(forKey: SimulatedShop.mark(job.request.prompt) ?? "") ?? []
            if let wrong = try await judge(job, bills, shop, &tally) {
                tally.wrongs.append("\(place): \(job.request.provider) \(job.state.name.rawValue): \(wrong)")
            }
        }
        for bill in bills.values.joined() {
            tally.lost += 1
            tally.wrongs.append("\(place): \(bill.provider) billed \(bill.job), which no job asked for")
        }
        if try await !shop.store.leases().isEmpty { tally.wrongs.append("\(place): a lease is left") }
        tally.wrongs += try await books(of: shop, jobs, place)
        return tally
    }

    /// What is wrong with one job; nil when nothing is.
    private func judge(
        _ job: Job,
        _ bills: [BillLedger.Entry],
        _ shop: SimulatedShop,
        _ tally: inout FaultTally
    ) async throws -> String? {
        let isMade = bills.contains { $0.state == .billed && $0.fate == "succeeds" }
        // What failed at no cost may be sent once more.
        let owed = bills.filter { $0.state != .free }.count
        if owed > 1 || bills.count > 2 {
            tally.doubled += 1
            return "taken \(bills.count) times, \(owed) of them not for free"
        }
        switch job.state {
        case .finished:
            let videos = try await shop.store.videos(VideoQuery(slot: job.slot), offset: 0, limit: 10)
            guard isMade, videos.count == 1, let clip = videos.first?.clip.file.digest else {
                return "\(videos.count) videos of \(bills.count) orders"
            }
            let known = clips.withLock { clips in
                let known = clips[job.request.provider] ?? clip
                clips[job.request.provider] = known
                return known
            }
            guard known == clip else {
                tally.lost += 1
                return "its clip is not the one that was made"
            }
            tally.kept += 1
            return nil
        case .failed(let failure) where failure.kind == .unknownOutcome:
            tally.parked[job.request.provider.rawValue, default: 0] += 1
            if !bills.isEmpty { tally.parkedTaken[job.request.provider.rawValue, default: 0] += 1 }
            let submission = try await shop.store.submissions(of: job.id).last
            let isReserved = submission?.settled == nil && submission?.reserved == job.price
            return isReserved ? nil : "its money is not reserved"
        case .failed(let failure):
            tally.failed += 1
            guard isMade else { return nil }
            tally.lost += 1
            return "failed with \(failure.kind.rawValue) although its clip was made: \(failure.message)"
        case .queued, .submitting, .rendering, .rendered, .fetched, .cancelled:
            if isMade { tally.lost += 1 }
            let failure = job.lastFailure.map { ", last failure \($0.kind.rawValue): \($0.message)" } ?? ""
            return "not done after all" + failure
        }
    }

    /// Whether what the budgets hold is what the submissions cost, to the last millionth.
    private func books(of shop: SimulatedShop, _ jobs: [Job], _ place: String) async throws -> [String] {
        var spent: [String: Int64] = [:]
        var reserved: [String: Int64] = [:]
        for job in jobs {
            for submission in try await shop.store.submissions(of: job.id) {
                if let settled = submission.settled {
                    spent[settled.currency, default: 0] += settled.micros
                } else if submission.outcome != .turnedAway {
                    reserved[submission.reserved.currency, default: 0] += submission.reserved.micros
                }
            }
        }
        return try await shop.store.budgets().compactMap { budget in
            let currency = budget.cap.currency
            let isRight =
                budget.spent.micros == spent[currency] ?? 0 && budget.reserved.micros == reserved[currency] ?? 0
            return isRight
                ? nil
                : "\(place): the budget holds \(budget.spent) and \(budget.reserved), its submissions say "
                    + "\(spent[currency] ?? 0) and \(reserved[currency] ?? 0) millionths"
        }
    }
}
