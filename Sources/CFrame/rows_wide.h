// The kernels of a row for processors with AVX2, sixteen pixels at a time. Included by rows.h alone.
// Rows of a sheet end with whole sixteens: what lies beyond the frame is room for that.
#pragma once
#include <immintrin.h>

#define KERNEL __attribute__((target("avx2"), noinline))
#define PART __attribute__((target("avx2"), always_inline))

PART static inline __m256i row16(const void *at) { return _mm256_loadu_si256((const __m256i *)at); }
PART static inline __m128i row8(const void *at) { return _mm_loadu_si128((const __m128i *)at); }
PART static inline __m256i all16(int16_t a) { return _mm256_set1_epi16(a); }
PART static inline __m256i held(__m256i a, __m256i least, __m256i most) { return _mm256_min_epi16(_mm256_max_epi16(a, least), most); }
PART static inline __m256i times16(__m256i a, __m256i b) { return _mm256_mulhrs_epi16(a, b); }
PART static inline __m256i plus(__m256i a, __m256i b) { return _mm256_add_epi16(a, b); }
PART static inline __m256i minus(__m256i a, __m256i b) { return _mm256_sub_epi16(a, b); }
PART static inline __m256i both(__m128i low, __m128i high) { return _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1); }

typedef struct { __m256i w[4]; } wide_taps;

PART static inline __m256i summed16(const __m256i p[4], const wide_taps *t) {
    __m256i upper = plus(times16(p[0], t->w[0]), times16(p[1], t->w[1])), lower = plus(times16(p[2], t->w[2]), times16(p[3], t->w[3]));
    return plus(upper, lower);
}

PART static inline wide_taps taps_at16(__m256i place) {
    const __m256i way = _mm256_xor_si256(_mm256_slli_epi16(place, 6), all16(INT16_MIN + 32)), square = times16(way, way);
    const __m256i part = _mm256_srai_epi16(square, 4);
    const __m256i outer = plus(all16(683), part), inner = minus(all16(15701), part);
    const __m256i outer_slope = times16(way, plus(all16(2048), times16(square, all16(683))));
    const __m256i inner_slope = times16(way, minus(all16(10240), part));
    return (wide_taps){ { minus(outer, outer_slope), minus(inner, inner_slope), plus(inner, inner_slope), plus(outer, outer_slope) } };
}

/* Where sixteen coefficients for the first eight pixels begin, and sixteen for the others. */
PART static inline __m256i window(const int8_t *left, const int8_t *right) { return both(row8(left), row8(right)); }

typedef struct { __m256i order[2], taps[2]; } wide_pairs;

/* Of each pixel the first two coefficients and the last two. */
PART static inline __m256i weighed16(__m256i here, const wide_pairs *pairs) {
    const __m256i first = _mm256_maddubs_epi16(pairs->taps[0], _mm256_shuffle_epi8(here, pairs->order[0]));
    const __m256i last = _mm256_maddubs_epi16(pairs->taps[1], _mm256_shuffle_epi8(here, pairs->order[1]));
    return plus(first, last);
}

PART static inline __m256i in_units16(__m256i sums, frame_range range) { return plus(times16(sums, all16(range.step)), all16(range.middle)); }

KERNEL static void across_wide(
    const int8_t *const rows[4], frame_range range, const frame_block *blocks, const int16_t *light, int n, int16_t *const out[4]) {
    const frame_range twice = doubled(range);
    const int8_t *const row[4] = { rows[0], rows[1], rows[2], rows[3] };
    int16_t *const to[4] = { out[0], out[1], out[2], out[3] };
    for (int x = 0; x < n; x += 16, blocks++) {
        const ptrdiff_t left = blocks->at[0], right = blocks->at[1];
        const wide_pairs pairs = {
            { row16(blocks->order[0]), row16(blocks->order[1]) }, { row16(blocks->taps[0]), row16(blocks->taps[1]) } };
        const __m256i lit = row16(light + x);
        for (int k = 0; k < 4; k++) {
            const __m256i sums = in_units16(weighed16(window(row[k] + left, row[k] + right), &pairs), twice);
            _mm256_storeu_si256((__m256i *)(void *)(to[k] + x), times16(sums, lit));
        }
    }
}

/* Eight times the first and eight times the second of two numbers, which stand in every lane. Where clang sees what pshufb is
   told, it knows better and is slower. */
PART static inline __m256i shuffled(__m256i a, __m256i order) {
    __asm__("" : "+x"(order));
    return _mm256_shuffle_epi8(a, order);
}
PART static inline __m256i spread32(__m256i two) {
    return shuffled(two, _mm256_setr_epi8(0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 4, 5, 4, 5, 4, 5, 4, 5, 4, 5, 4, 5, 4, 5, 4, 5));
}
PART static inline __m256i spread16(__m256i two) {
    return shuffled(two, _mm256_setr_epi8(0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3));
}

/* How far each of sixteen pixels from x on lies behind where its eight begin: 64 pixels at most, which sixteen bits hold. */
PART static inline __m256i along(const frame_ramps *r, int x) {
    const __m256i numbers = _mm256_slli_epi16(_mm256_setr_epi16(0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7), 11);
    int32_t steps;
    memcpy(&steps, r->step + x / 8, sizeof steps);
    return times16(spread16(_mm256_set1_epi32(steps)), numbers);
}

PART static inline __m256i begins(const frame_ramps *r, int x) {
    int64_t places;
    memcpy(&places, r->place + x / 8, sizeof places);
    return _mm256_set1_epi64x(places);
}

/* Where sixteen pixels of a row lie: which rows of a sheet they are summed from, and how. */
typedef struct {
    int row, span;      /* the first row, and how many more the lowest pixel lies */
    __m256i ahead;      /* how far each lies behind it, PLACES to a row */
    wide_taps taps;
} wide_level;

PART static inline wide_level warped_level(const frame_ramps *r, int x) {
    const int row = r->least[x / 16];
    const __m256i ahead = minus(plus(spread32(begins(r, x)), along(r, x)), all16((int16_t)(row * PLACES)));
    return (wide_level){ row - 1, r->most[x / 16] - row, ahead, taps_at16(ahead) };
}

PART static inline __m256i chosen(__m256i a, __m256i b, __m256i is_b) { return _mm256_blendv_epi8(a, b, is_b); }

PART static inline __m256i warped_down(const frame_sheet *sheet, const wide_level *level, int x) {
    /* While there is a mesh no row of a sheet is ever overwritten, and the next one lies behind it. */
    const int16_t *from = sheet_row(sheet, level->row) + x;
    __m256i rows[5], p[4];
    for (int k = 0; k < 5; k++) rows[k] = row16(from + k * sheet->pitch);
    const __m256i is_lower = _mm256_cmpgt_epi16(level->ahead, all16(PLACES - 1));
    for (int k = 0; k < 4; k++) p[k] = chosen(rows[k], rows[k + 1], is_lower);
    for (int i = 2; __builtin_expect(i <= level->span, 0); i++) {
        const __m256i is_here = _mm256_cmpgt_epi16(level->ahead, all16((int16_t)(i * PLACES - 1)));
        for (int k = 0; k < 4; k++) p[k] = chosen(p[k], row16(from + (i + k) * sheet->pitch), is_here);
    }
    return summed16(p, &level->taps);
}

/* The four rows of a sheet that a row is summed from, where rows stay rows, and how. */
typedef struct {
    const int16_t *rows[4];
    wide_taps taps;
} wide_rows;

PART static inline wide_rows rows_at(const frame_sheet *sheet, int32_t place) {
    const int row = (place >> 10) - 1;
    int16_t w[4];
    shares_at(place, 16384, w);
    return (wide_rows){
        { sheet_row(sheet, row), sheet_row(sheet, row + 1), sheet_row(sheet, row + 2), sheet_row(sheet, row + 3) },
        { { all16(w[0]), all16(w[1]), all16(w[2]), all16(w[3]) } } };
}

PART static inline __m256i down16(const wide_rows *from, int x) {
    const __m256i p[4] = { row16(from->rows[0] + x), row16(from->rows[1] + x), row16(from->rows[2] + x), row16(from->rows[3] + x) };
    return summed16(p, &from->taps);
}

PART static inline void gathered(const frame_gather *what, const frame_level *level, int is_straight, int count, int is_share) {
    const frame_gather all = *what;
    const frame_sheet sheets[2] = { *all.sheets[0], *all.sheets[count - 1] };
    const frame_ramps ramps = is_straight ? (frame_ramps){ 0 } : *level->ramps;
    const wide_rows rows[2] = { rows_at(sheets, level->place), rows_at(sheets + 1, level->place) };
    for (int x = all.from; x < all.from + all.n; x += 16) {
        wide_level lies;
        if (!is_straight) lies = warped_level(&ramps, x);
        for (int k = 0; k < count; k++) {
            __m256i sum = is_straight ? down16(&rows[k], x) : warped_down(&sheets[k], &lies, x);
            if (k == 0 || !is_share) sum = times16(sum, row16(all.lights[k] + x));
            _mm256_storeu_si256((__m256i *)(void *)(all.out[k] + x), sum);
        }
    }
}

KERNEL static void gather_wide(const frame_gather *what, const frame_level *level) {
    const int is_share = what->lights[what->count - 1] == NULL;
    if (level->ramps == NULL) {
        if (what->count == 1) gathered(what, level, 1, 1, 0);
        else gathered(what, level, 1, 2, is_share);
    } else if (what->count == 1) gathered(what, level, 0, 1, 0);
    else if (is_share) gathered(what, level, 0, 2, 1);
    else gathered(what, level, 0, 2, 0);
}

KERNEL static void halve_wide(const int16_t *a, const int16_t *b, int from, int n, int16_t *out) {
    for (int x = from; x < from + n; x += 16) {
        const __m256i low = _mm256_srai_epi16(plus(row16(a + 2 * x), row16(b + 2 * x)), 1);
        const __m256i high = _mm256_srai_epi16(plus(row16(a + 2 * x + 16), row16(b + 2 * x + 16)), 1);
        const __m256i sums = _mm256_permute4x64_epi64(_mm256_hadd_epi16(low, high), 0xD8);
        _mm256_storeu_si256((__m256i *)(void *)(out + x), _mm256_srai_epi16(sums, 1));
    }
}

PART static inline __m256i hidden16(__m256i v, const int16_t *share) {
    const __m256i all = row16(share);
    return minus(v, times16(plus(v, v), plus(all, all)));
}

KERNEL static void light_nodes_wide(const float *gain, int cells, int pixels, int16_t *out) {
    const __m256i numbers = _mm256_setr_epi16(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
    const __m256i along = _mm256_mullo_epi16(numbers, all16((int16_t)(16384 / pixels)));
    for (int i = 0; i < cells; i++) {
        const int16_t from = light_of(gain[i], pixels), way = (int16_t)(light_of(gain[i + 1], pixels) - from);
        /* Of half a cell the other half is written over by the next. */
        _mm256_storeu_si256((__m256i *)(void *)(out + pixels * i), plus(all16(from), times16(all16(way), along)));
    }
}

KERNEL static void light_between_wide(const int16_t *top, const int16_t *low, int16_t share, int n, int16_t *out) {
    for (int x = 0; x < n; x += 16) {
        const __m256i from = row16(top + x), light = plus(from, times16(minus(row16(low + x), from), all16(share)));
        _mm256_storeu_si256((__m256i *)(void *)(out + x), light);
    }
}

PART static inline __m256i grained(__m256i v, __m256i grain, const int8_t *noise) {
    __m256i t = held(v, _mm256_setzero_si256(), all16(3504)), rest = minus(all16(4030), t);
    __m256i body = _mm256_slli_epi16(times16(_mm256_slli_epi16(t, 3), plus(rest, rest)), 2);
    return times16(times16(_mm256_slli_epi16(_mm256_cvtepi8_epi16(row8(noise)), 7), grain), body);
}

/* Thirty-two of a row, 16 to a step, held to a range; or as many as there is room for. */
PART static inline void keep(const __m256i o[2], uint8_t most, int room, uint8_t *out) {
    __m256i packed = _mm256_permute4x64_epi64(_mm256_packus_epi16(_mm256_srai_epi16(o[0], 4), _mm256_srai_epi16(o[1], 4)), 0xD8);
    packed = _mm256_min_epu8(_mm256_max_epu8(packed, _mm256_set1_epi8(16)), _mm256_set1_epi8((char)most));
    if (room >= 32) {
        _mm256_storeu_si256((__m256i *)(void *)out, packed);
    } else {
        const __m256i last = packed;
        memcpy(out, &last, (size_t)room);
    }
}

/* What is given is taken apart first: as far as C knows, each byte that is written might change it. */
PART static inline void finished(
    const frame_sheet *of, const frame_finish *with, int count, const frame_level *level, int n, uint8_t *const to[2],
    int is_straight, int has_grain, int has_echo) {
    const frame_finish how[2] = { with[0], with[count - 1] };
    const frame_sheet sheets[3] = { of[0], of[count - 1], has_echo ? *with->echo : of[0] };
    uint8_t *const out[2] = { to[0], to[count - 1] };
    const frame_ramps ramps = is_straight ? (frame_ramps){ 0 } : *level->ramps;
    const wide_rows rows[3] = { rows_at(sheets, level->place), rows_at(sheets + 1, level->place), rows_at(sheets + 2, level->place) };
    const __m256i grain = all16(how[0].grain);
    for (int x = 0; x < n; x += DITHER_SIDE) for (int tile = 0; tile < DITHER_SIDE && x + tile < n; tile += 32) {
        __m256i o[2][2];
        for (int i = 0; i < 2; i++) {
            const int at = x + tile + 16 * i;
            const int is_covered = how[0].over.tiles && how[0].over.tiles[at >> how[0].over.shift];
            wide_level lies;
            if (!is_straight) lies = warped_level(&ramps, at);
            for (int k = 0; k < count; k++) {
                const __m256i sum = is_straight ? down16(&rows[k], at) : warped_down(&sheets[k], &lies, at);
                __m256i v = is_straight ? sum : times16(sum, row16(how[k].light + at));
                if (is_covered) v = plus(hidden16(v, how[k].over.share + at), row16(how[k].over.sums + at));
                o[k][i] = plus(v, row16(how[k].black + tile + 16 * i));
                if (has_grain) o[k][i] = plus(o[k][i], grained(v, grain, how[k].noise + at));
            }
            if (has_echo) {
                __m256i echo = is_straight ? down16(&rows[2], at) : warped_down(&sheets[2], &lies, at);
                if (is_covered) echo = plus(hidden16(echo, how[0].over.share + at), row16(how[0].over.echo + at));
                for (int k = 0; k < count; k++) o[k][i] = plus(o[k][i], times16(row16(how[k].tint + at), echo));
            }
        }
        for (int k = 0; k < count; k++) keep(o[k], how[k].most, how[k].room - x - tile, out[k] + x + tile);
    }
}

KERNEL static void finish_wide(
    const frame_sheet *sheets, const frame_finish *how, int count, const frame_level *level, int n, uint8_t *const out[2]) {
    const int is_straight = level->ramps == NULL;
    if (is_straight && how->echo) finished(sheets, how, 2, level, n, out, 1, 0, 1);
    else if (is_straight && how->grain) finished(sheets, how, 1, level, n, out, 1, 1, 0);
    else if (is_straight) for (int k = 0; k < count; k++) finished(sheets + k, how + k, 1, level, n, out + k, 1, 0, 0);
    else if (how->echo) finished(sheets, how, 2, level, n, out, 0, 0, 1);
    else if (how->grain) finished(sheets, how, 1, level, n, out, 0, 1, 0);
    else if (count == 1) finished(sheets, how, 1, level, n, out, 0, 0, 0);
    else finished(sheets, how, 2, level, n, out, 0, 0, 0);
}
