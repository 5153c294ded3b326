import GRDB
public import VitrineCore

extension SQLStore {
    /// See `JobStore.slots`.
    public func slots(of products: [ProductID]) async throws(StoreError) -> [ProductID: [SlotRecord]] {
        let cache = requests
        return try await read { database in
            var found: [ProductID: [SlotRecord]] = [:]
            for list in Set(products.map(\.rawValue)).lists(of: 200) {
                let records = try SQLStore.slotRecords("s.product IN (\(places(list.count)))", list, database, cache)
                for record in records { found[record.slot.product, default: []].append(record) }
            }
            return found
        }
    }

    /// See `JobStore.orphanedSlots`.
    public func orphanedSlots(feed: FeedName?, limit: Int) async throws(StoreError) -> [SlotRecord] {
        let cache = requests
        return try await read { database in
            try SQLStore.slotRecords(
                """
                s.id IN (
                    SELECT o.id FROM slot o WHERE o.is_orphaned = 1 AND (CAST(?1 AS TEXT) IS NULL OR o.feed = ?1)
                        AND EXISTS (SELECT 1 FROM job WHERE job.slot = o.id)
                    ORDER BY o.id LIMIT ?2
                )
                """,
                [feed?.rawValue, max(0, limit)],
                database,
                cache
            )
        }
    }

    /// See `JobStore.keep`.
    public func keep(_ override: SlotOverride, for slot: Slot) async throws(StoreError) {
        try await write { database in
            let number = try SQLStore.slot(slot, database)
            try database.run(
                "UPDATE slot SET changes = ?2 WHERE id = ?1",
                number,
                override.isEmpty ? nil : StoredJSON.text(override)
            )
            try SQLStore.unsettle(slot: number, database)
        }
    }

    private static func slotRecords(
        _ condition: String,
        _ values: [(any StatementValue)?],
        _ database: Database,
        _ cache: RequestCache
    ) throws -> [SlotRecord] {
        var records: [SlotRecord] = []
        var last: Int64?
        try database.each(
            """
            SELECT s.id, s.product, s.variant, s.placement, s.changes, j.take, j.id, j.state, j.request, j.fingerprint, j.preset,
                v.id, v.state, v.is_chosen, v.dropped_at, j.last_failure, j.passed
            FROM slot s LEFT JOIN job j ON j.slot = s.id LEFT JOIN video v ON v.job = j.id
            WHERE \(condition)
            ORDER BY s.product, coalesce(s.variant, ''), s.placement_rank, s.id, j.take, j.number
            """,
            values: values
        ) { row in
            let id: Int64 = row[0]
            guard let placement = Placement(rawValue: row[3]) else {
                throw StoreError(.damaged, "the database holds a slot with an unknown placement")
            }
            let slot = Slot(product: ProductID(rawValue: row[1]), variant: row[2], placement: placement)
            if id != last {
                last = id
                let changes: String? = row[4]
                records.append(
                    SlotRecord(slot: slot, override: try changes.map { try StoredJSON.value($0) } ?? SlotOverride())
                )
            }
            guard let job: String = row[6] else { return }
            records[records.count - 1].takes.append(try take(row, job: JobID(rawValue: job), slot, cache))
        }
        return records
    }

    private static func take(_ row: Row, job: JobID, _ slot: Slot, _ cache: RequestCache) throws -> Take {
        guard let state = JobState.Name(rawValue: row[7]) else {
            throw StoreError(.damaged, "the database holds a job with an unknown state")
        }
        var request = try cache.request(row[8])
        request.slot = slot
        let videoState: String? = row[12]
        let dropped: Int64? = row[14]
        let video: String? = dropped == nil ? row[11] : nil
        let isChosen: Int64? = row[13]
        var take = Take(
            number: row[5],
            job: job,
            jobState: state,
            request: request,
            fingerprint: Fingerprint(rawValue: row[9]),
            preset: try cache.preset(row[10]),
            video: video.map { VideoID(rawValue: $0) },
            videoState: videoState.flatMap { Video.State(rawValue: $0) },
            isChosen: isChosen == 1
        )
        if state == .failed, let failure: String = row[15] {
            let failure: JobFailure = try StoredJSON.value(failure)
            take.failure = failure.kind
            take.mayHaveCost = failure.billed != .no
        }
        if let passed: String = row[16] {
            for provider in try StoredJSON.value(passed) as [PassedProvider] where provider.reason == .refused {
                take.refusals[provider.provider] = provider.failure.kind
            }
        }
        return take
    }
}
