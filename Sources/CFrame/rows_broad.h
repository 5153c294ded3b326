// The kernels of a row for processors with AVX-512, thirty-two pixels at a time. Included by rows.h alone, behind rows_wide.h, which
// has what is left over where a row does not end with a whole thirty-two.
#pragma once

#define BROAD_TARGET "avx2,avx512f,avx512bw,avx512vl,avx512vbmi"
#define BROAD __attribute__((target(BROAD_TARGET), noinline))
#define SHARD __attribute__((target(BROAD_TARGET), always_inline)) static inline

SHARD __m512i row32(const void *at) { return _mm512_loadu_si512(at); }
SHARD __m512i all32(int16_t a) { return _mm512_set1_epi16(a); }
SHARD __m512i times32(__m512i a, __m512i b) { return _mm512_mulhrs_epi16(a, b); }
SHARD __m512i more(__m512i a, __m512i b) { return _mm512_add_epi16(a, b); }
SHARD __m512i less(__m512i a, __m512i b) { return _mm512_sub_epi16(a, b); }

typedef struct { __m512i w[4]; } broad_taps;

SHARD __m512i summed32(const __m512i p[4], const broad_taps *t) {
    __m512i upper = more(times32(p[0], t->w[0]), times32(p[1], t->w[1])), lower = more(times32(p[2], t->w[2]), times32(p[3], t->w[3]));
    return more(upper, lower);
}

SHARD broad_taps taps_at32(__m512i place) {
    const __m512i way = _mm512_xor_si512(_mm512_slli_epi16(place, 6), all32(INT16_MIN + 32)), square = times32(way, way);
    const __m512i part = _mm512_srai_epi16(square, 4);
    const __m512i outer = more(all32(683), part), inner = less(all32(15701), part);
    const __m512i outer_slope = times32(way, more(all32(2048), times32(square, all32(683))));
    const __m512i inner_slope = times32(way, less(all32(10240), part));
    return (broad_taps){ { less(outer, outer_slope), less(inner, inner_slope), more(inner, inner_slope), more(outer, outer_slope) } };
}

SHARD __m512i joined(const void *low, const void *high) {
    return _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_loadu_si256(low)), _mm256_loadu_si256(high), 1);
}

/* Of each sixteen bytes of an order, how far behind the first of all their coefficients begin. */
SHARD __m512i ordered(const frame_block *blocks, int half) {
    const int first = blocks[0].at[0];
    const __m128i begins = _mm_setr_epi32(0, blocks[0].at[1] - first, blocks[1].at[0] - first, blocks[1].at[1] - first);
    const __m512i spread = _mm512_permutexvar_epi32(_mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3), _mm512_castsi128_si512(begins));
    const __m512i bytes = _mm512_shuffle_epi8(spread, _mm512_setzero_si512());
    return _mm512_add_epi8(joined(blocks[0].order[half], blocks[1].order[half]), bytes);
}

BROAD static void across_broad(
    const int8_t *const rows[4], frame_range range, const frame_block *blocks, const int16_t *light, int n, int16_t *const out[4]) {
    const frame_range twice = doubled(range);
    const __m512i step = all32(twice.step), middle = all32(twice.middle);
    const int8_t *const row[4] = { rows[0], rows[1], rows[2], rows[3] };
    int16_t *const to[4] = { out[0], out[1], out[2], out[3] };
    int x = 0;
    for (; x + 16 < n; x += 32, blocks += 2) {
        const ptrdiff_t at = blocks->at[0];
        const __m512i first = ordered(blocks, 0), last = ordered(blocks, 1), lit = row32(light + x);
        const __m512i taps[2] = { joined(blocks[0].taps[0], blocks[1].taps[0]), joined(blocks[0].taps[1], blocks[1].taps[1]) };
        for (int k = 0; k < 4; k++) {
            const __m512i here = row32(row[k] + at);
            const __m512i upper = _mm512_maddubs_epi16(taps[0], _mm512_permutexvar_epi8(first, here));
            const __m512i lower = _mm512_maddubs_epi16(taps[1], _mm512_permutexvar_epi8(last, here));
            _mm512_storeu_si512(to[k] + x, times32(more(times32(more(upper, lower), step), middle), lit));
        }
    }
    int16_t *const rest[4] = { to[0] + x, to[1] + x, to[2] + x, to[3] + x };
    if (x < n) across_wide(row, range, blocks, light + x, n - x, rest);
}

/* Where thirty-two pixels of a row lie: which rows of a sheet they are summed from, and how. */
typedef struct {
    int row, span;
    __m512i ahead;
    broad_taps taps;
} broad_level;

SHARD broad_level warped_level32(const frame_ramps *r, int x) {
    const int32_t *least = r->least + x / 16, *most = r->most + x / 16;
    const int row = least[0] < least[1] ? least[0] : least[1], last = most[0] > most[1] ? most[0] : most[1];
    /* Of four places and four steps each is for eight pixels; of a place sixteen bits are enough. */
    const __m512i lanes = _mm512_cvtepu8_epi16(_mm256_setr_epi64x(0, 0x0101010101010101, 0x0202020202020202, 0x0303030303030303));
    const __m512i numbers = _mm512_set4_epi32(0x38003000, 0x28002000, 0x18001000, 0x08000000);
    const __m512i places = _mm512_permutexvar_epi16(more(lanes, lanes), _mm512_castsi128_si512(row8(r->place + x / 8)));
    const __m512i steps = _mm512_permutexvar_epi16(lanes, _mm512_castsi128_si512(_mm_loadu_si64(r->step + x / 8)));
    const __m512i ahead = less(more(places, times32(steps, numbers)), all32((int16_t)(row * PLACES)));
    return (broad_level){ row - 1, last - row, ahead, taps_at32(ahead) };
}

SHARD __m512i warped_down32(const frame_sheet *sheet, const broad_level *level, int x) {
    const int16_t *from = sheet_row(sheet, level->row) + x;
    __m512i rows[5], p[4];
    for (int k = 0; k < 5; k++) rows[k] = row32(from + k * sheet->pitch);
    const __mmask32 is_lower = _mm512_cmpgt_epi16_mask(level->ahead, all32(PLACES - 1));
    for (int k = 0; k < 4; k++) p[k] = _mm512_mask_blend_epi16(is_lower, rows[k], rows[k + 1]);
    for (int i = 2; __builtin_expect(i <= level->span, 0); i++) {
        const __mmask32 is_here = _mm512_cmpgt_epi16_mask(level->ahead, all32((int16_t)(i * PLACES - 1)));
        for (int k = 0; k < 4; k++) p[k] = _mm512_mask_blend_epi16(is_here, p[k], row32(from + (i + k) * sheet->pitch));
    }
    return summed32(p, &level->taps);
}

typedef struct {
    const int16_t *rows[4];
    broad_taps taps;
} broad_rows;

SHARD broad_rows broad_rows_at(const frame_sheet *sheet, int32_t place) {
    const int row = (place >> 10) - 1;
    int16_t w[4];
    shares_at(place, 16384, w);
    return (broad_rows){
        { sheet_row(sheet, row), sheet_row(sheet, row + 1), sheet_row(sheet, row + 2), sheet_row(sheet, row + 3) },
        { { all32(w[0]), all32(w[1]), all32(w[2]), all32(w[3]) } } };
}

SHARD __m512i down32(const broad_rows *from, int x) {
    const __m512i p[4] = { row32(from->rows[0] + x), row32(from->rows[1] + x), row32(from->rows[2] + x), row32(from->rows[3] + x) };
    return summed32(p, &from->taps);
}

SHARD void gathered32(const frame_gather *what, const frame_level *level, int is_straight, int count, int is_share) {
    const frame_gather all = *what;
    const frame_sheet sheets[2] = { *all.sheets[0], *all.sheets[count - 1] };
    const frame_ramps ramps = is_straight ? (frame_ramps){ 0 } : *level->ramps;
    const broad_rows rows[2] = { broad_rows_at(sheets, level->place), broad_rows_at(sheets + 1, level->place) };
    int x = all.from;
    for (; x + 16 < all.from + all.n; x += 32) {
        broad_level lies;
        if (!is_straight) lies = warped_level32(&ramps, x);
        for (int k = 0; k < count; k++) {
            __m512i sum = is_straight ? down32(&rows[k], x) : warped_down32(&sheets[k], &lies, x);
            if (k == 0 || !is_share) sum = times32(sum, row32(all.lights[k] + x));
            _mm512_storeu_si512(all.out[k] + x, sum);
        }
    }
    frame_gather rest = all;
    rest.from = x;
    rest.n = all.from + all.n - x;
    if (rest.n > 0) gather_wide(&rest, level);
}

BROAD static void gather_broad(const frame_gather *what, const frame_level *level) {
    const int is_share = what->lights[what->count - 1] == NULL;
    if (level->ramps == NULL) {
        if (what->count == 1) gathered32(what, level, 1, 1, 0);
        else gathered32(what, level, 1, 2, is_share);
    } else if (what->count == 1) gathered32(what, level, 0, 1, 0);
    else if (is_share) gathered32(what, level, 0, 2, 1);
    else gathered32(what, level, 0, 2, 0);
}

SHARD __m512i grained32(__m512i v, __m512i grain, const int8_t *noise) {
    __m512i t = _mm512_min_epi16(_mm512_max_epi16(v, _mm512_setzero_si512()), all32(3504)), rest = less(all32(4030), t);
    __m512i body = _mm512_slli_epi16(times32(_mm512_slli_epi16(t, 3), more(rest, rest)), 2);
    return times32(times32(_mm512_slli_epi16(_mm512_cvtepi8_epi16(row16(noise)), 7), grain), body);
}

SHARD void keep32(__m512i o, uint8_t most, int room, uint8_t *out) {
    o = _mm512_min_epi16(_mm512_max_epi16(_mm512_srai_epi16(o, 4), all32(16)), all32(most));
    const __m256i packed = _mm512_cvtepi16_epi8(o);
    if (room >= 32) _mm256_storeu_si256((__m256i *)(void *)out, packed);
    else memcpy(out, &packed, (size_t)room);
}

/* Laid over its ground where tiles are covered: thirty-two pixels of light are one tile, of colours two. */
SHARD __m512i laid_over(__m512i v, __mmask32 covered, const int16_t *share, const int16_t *sums) {
    const __m512i all = row32(share), hidden = less(v, times32(more(v, v), more(all, all)));
    return _mm512_mask_add_epi16(v, covered, hidden, row32(sums));
}

SHARD __mmask32 covered_at(const frame_over *over, int x) {
    if (!over->tiles) return 0;
    return (over->tiles[x >> over->shift] ? 0xFFFFu : 0) | (over->tiles[(x + 16) >> over->shift] ? 0xFFFF0000u : 0);
}

SHARD void finished32(
    const frame_sheet *of, const frame_finish *with, int count, const frame_level *level, int n, uint8_t *const to[2],
    int is_straight, int has_grain, int has_echo) {
    const frame_finish how[2] = { with[0], with[count - 1] };
    const frame_sheet sheets[3] = { of[0], of[count - 1], has_echo ? *with->echo : of[0] };
    uint8_t *const out[2] = { to[0], to[count - 1] };
    const frame_ramps ramps = is_straight ? (frame_ramps){ 0 } : *level->ramps;
    const broad_rows rows[3] = { broad_rows_at(sheets, level->place), broad_rows_at(sheets + 1, level->place), broad_rows_at(sheets + 2, level->place) };
    const __m512i grain = all32(how[0].grain);
    for (int x = 0; x < n; x += 32) {
        const __mmask32 covered = covered_at(&how[0].over, x);
        __m512i o[2];
        broad_level lies;
        if (!is_straight) lies = warped_level32(&ramps, x);
        for (int k = 0; k < count; k++) {
            __m512i v = is_straight ? down32(&rows[k], x) : times32(warped_down32(&sheets[k], &lies, x), row32(how[k].light + x));
            if (covered) v = laid_over(v, covered, how[k].over.share + x, how[k].over.sums + x);
            o[k] = more(v, row32(how[k].black + x % DITHER_SIDE));
            if (has_grain) o[k] = more(o[k], grained32(v, grain, how[k].noise + x));
        }
        if (has_echo) {
            __m512i echo = is_straight ? down32(&rows[2], x) : warped_down32(&sheets[2], &lies, x);
            if (covered) echo = laid_over(echo, covered, how[0].over.share + x, how[0].over.echo + x);
            for (int k = 0; k < count; k++) o[k] = more(o[k], times32(row32(how[k].tint + x), echo));
        }
        for (int k = 0; k < count; k++) keep32(o[k], how[k].most, how[k].room - x, out[k] + x);
    }
}

BROAD static void finish_broad(
    const frame_sheet *sheets, const frame_finish *how, int count, const frame_level *level, int n, uint8_t *const out[2]) {
    const int is_straight = level->ramps == NULL;
    if (is_straight && how->echo) finished32(sheets, how, 2, level, n, out, 1, 0, 1);
    else if (is_straight && how->grain) finished32(sheets, how, 1, level, n, out, 1, 1, 0);
    else if (is_straight) for (int k = 0; k < count; k++) finished32(sheets + k, how + k, 1, level, n, out + k, 1, 0, 0);
    else if (how->echo) finished32(sheets, how, 2, level, n, out, 0, 0, 1);
    else if (how->grain) finished32(sheets, how, 1, level, n, out, 0, 1, 0);
    else if (count == 1) finished32(sheets, how, 1, level, n, out, 0, 0, 0);
    else finished32(sheets, how, 2, level, n, out, 0, 0, 0);
}

#define halve_broad halve_wide
#define light_nodes_broad light_nodes_wide
#define light_between_broad light_between_wide
