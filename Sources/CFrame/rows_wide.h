// The kernels of a row for processors with AVX2, sixteen pixels at a time. Included by rows.h alone.
// Rows of a sheet end with whole sixteens: what lies beyond the frame is room for that.
#pragma once
#include <immintrin.h>

#define WIDE __attribute__((target("avx2")))
#define PART WIDE __attribute__((always_inline))

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
    const __m256i s = _mm256_srai_epi16(_mm256_xor_si256(_mm256_slli_epi16(place, 6), all16(INT16_MIN)), 1);
    const __m256i square = times16(s, s), cube = times16(square, s);
    const __m256i outer = plus(all16(683), _mm256_srai_epi16(square, 2)), inner = minus(all16(16384), outer);
    const __m256i eighth = _mm256_srai_epi16(s, 3), outer_slope = plus(eighth, times16(cube, all16(5461)));
    const __m256i inner_slope = minus(plus(_mm256_srai_epi16(s, 1), eighth), _mm256_srai_epi16(cube, 1));
    return (wide_taps){ { minus(outer, outer_slope), minus(inner, inner_slope), plus(inner, inner_slope), plus(outer, outer_slope) } };
}

/* The coefficients from each of sixteen pixels' first on, out of two runs of eight. */
PART static inline void window(const int16_t *left, const int16_t *right, __m256i order, __m256i p[4]) {
    for (int k = 0; k < 4; k++) p[k] = _mm256_shuffle_epi8(both(row8(left + k), row8(right + k)), order);
}

WIDE static void across_wide(const int16_t *const rows[2], const frame_block *blocks, int n, int16_t *const out[2]) {
    for (int x = 0; x < n; x += 16) {
        const frame_block *b = blocks + x / 16;
        const __m256i order = row16(b->order);
        const wide_taps taps = { { row16(b->taps[0]), row16(b->taps[1]), row16(b->taps[2]), row16(b->taps[3]) } };
        for (int k = 0; k < 2; k++) {
            __m256i p[4];
            window(rows[k] + b->at[0], rows[k] + b->at[1], order, p);
            _mm256_storeu_si256((__m256i *)(void *)(out[k] + x), summed16(p, &taps));
        }
    }
}

/* The places of sixteen pixels from x on, as far as sixteen bits hold them. */
PART static inline __m256i ramp16(const frame_ramps *r, int x) {
    const __m256i first_words = _mm256_setr_epi8(0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 4, 5, 4, 5, 4, 5, 4, 5, 4, 5, 4, 5, 4, 5, 4, 5);
    const __m256i words = _mm256_setr_epi8(0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3);
    const __m256i along = _mm256_setr_epi16(0, 1 << 11, 2 << 11, 3 << 11, 4 << 11, 5 << 11, 6 << 11, 7 << 11, 0, 1 << 11, 2 << 11, 3 << 11, 4 << 11, 5 << 11, 6 << 11, 7 << 11);
    int64_t places;
    int32_t steps;
    memcpy(&places, r->place + x / 8, sizeof places);
    memcpy(&steps, r->step + x / 8, sizeof steps);
    __m256i place = _mm256_shuffle_epi8(_mm256_set1_epi64x(places), first_words), step = _mm256_shuffle_epi8(_mm256_set1_epi32(steps), words);
    return plus(place, times16(step, along));
}

WIDE static void warp_across_wide(const int16_t *const rows[2], int count, const frame_ramps *ramps, int n, int16_t *const out[2]) {
    const __m256i twins = _mm256_setr_epi8(0, 0, 2, 2, 4, 4, 6, 6, 8, 8, 10, 10, 12, 12, 14, 14, 0, 0, 2, 2, 4, 4, 6, 6, 8, 8, 10, 10, 12, 12, 14, 14);
    for (int x = 0; x < n; x += 16) {
        const int32_t left = ramps->place[x / 8] >> 10, right = ramps->place[x / 8 + 1] >> 10;
        const __m256i place = ramp16(ramps, x);
        const wide_taps taps = taps_at16(place);
        /* Sixteen bits hold 64 pixels: how many pixels each lies from its run's beginning is what is left of that. */
        const __m256i begin = both(_mm_set1_epi16((int16_t)left), _mm_set1_epi16((int16_t)right));
        const __m256i ahead = _mm256_and_si256(minus(_mm256_srli_epi16(place, 10), begin), all16(63));
        const __m256i doubled = _mm256_shuffle_epi8(plus(ahead, ahead), twins), order = plus(doubled, all16(1 << 8));
        const int is_narrow = _mm256_testz_si256(ahead, all16(~7));
        for (int k = 0; k < count; k++) {
            const int16_t *from = rows[k] - 1;
            __m256i p[4];
            if (__builtin_expect(is_narrow, 1)) {
                window(from + left, from + right, order, p);
            } else {
                __m256i more[4];
                /* A place in the other run has its highest bit set, and pshufb answers 0. */
                window(from + left, from + right, _mm256_adds_epu8(order, _mm256_set1_epi8(0x70)), p);
                window(from + left + 8, from + right + 8, _mm256_sub_epi8(order, _mm256_set1_epi8(16)), more);
                for (int i = 0; i < 4; i++) p[i] = _mm256_or_si256(p[i], more[i]);
            }
            _mm256_storeu_si256((__m256i *)(void *)(out[k] + x), summed16(p, &taps));
        }
    }
}

/* Where sixteen pixels of a row lie: which rows of a sheet they are summed from, and how. */
typedef struct {
    int row, span;      /* the first row, and how many more the lowest pixel lies */
    __m256i ahead;      /* how many more each lies */
    wide_taps taps;
} wide_level;

PART static inline wide_level level_wide(const frame_level *level) {
    int16_t w[4];
    taps_at(level->place, w);
    return (wide_level){ (level->place >> 10) - 1, 0, _mm256_setzero_si256(), { { all16(w[0]), all16(w[1]), all16(w[2]), all16(w[3]) } } };
}

PART static inline wide_level warped_level(const frame_ramps *r, int x) {
    int32_t least = INT32_MAX, most = INT32_MIN;
    for (int i = 0; i < 2; i++) {
        const int32_t first = r->place[x / 8 + i], last = first + times(r->step[x / 8 + i], 7 << 11);
        least = first < least ? first : least;
        least = last < least ? last : least;
        most = first > most ? first : most;
        most = last > most ? last : most;
    }
    const int row = least >> 10;
    const __m256i place = ramp16(r, x), ahead = _mm256_and_si256(minus(_mm256_srli_epi16(place, 10), all16((int16_t)row)), all16(63));
    return (wide_level){ row - 1, (most >> 10) - row, ahead, taps_at16(place) };
}

PART static inline __m256i down16(const frame_sheet *sheet, const wide_level *level, int is_straight, int x) {
    __m256i p[4];
    for (int k = 0; k < 4; k++) p[k] = row16(sheet_row(sheet, level->row + k) + x);
    if (!is_straight) for (int i = 1; i <= level->span; i++) {
        const __m256i is_here = _mm256_cmpeq_epi16(level->ahead, all16((int16_t)i));
        for (int k = 0; k < 4; k++) p[k] = _mm256_blendv_epi8(p[k], row16(sheet_row(sheet, level->row + i + k) + x), is_here);
    }
    return summed16(p, &level->taps);
}

/* Two rows of sixteen, 16 to a step, held to a range. */
PART static inline void keep(__m256i a, __m256i b, uint8_t most, int x, int n, uint8_t *const out[2]) {
    __m256i packed = _mm256_permute4x64_epi64(_mm256_packus_epi16(_mm256_srai_epi16(a, 4), _mm256_srai_epi16(b, 4)), 0xD8);
    packed = _mm256_min_epu8(_mm256_max_epu8(packed, _mm256_set1_epi8(16)), _mm256_set1_epi8((char)most));
    const __m128i rows[2] = { _mm256_castsi256_si128(packed), _mm256_extracti128_si256(packed, 1) };
    for (int k = 0; k < 2; k++) {
        if (x + 16 <= n) _mm_storeu_si128((__m128i *)(void *)(out[k] + x), rows[k]);
        else memcpy(out[k] + x, &rows[k], (size_t)(n - x));
    }
}

PART static inline __m256i lit16(const int16_t *top, const int16_t *low, __m256i share, int x) {
    return plus(row16(top + x), times16(minus(row16(low + x), row16(top + x)), share));
}

PART static inline void shaded(const frame_sheet *sheet, const frame_level level[2], const frame_shading *how, int n, uint8_t *const out[2], int is_straight, int has_grain) {
    const __m256i share = all16(how->share);
    wide_level at[2];
    if (is_straight) for (int k = 0; k < 2; k++) at[k] = level_wide(level + k);
    for (int x = 0; x < n; x += 16) {
        const __m256i gain = lit16(how->top, how->low, share, x);
        __m256i o[2];
        for (int k = 0; k < 2; k++) {
            if (!is_straight) at[k] = warped_level(level[k].ramps, x);
            const __m256i v = times16(down16(sheet, at + k, is_straight, x), gain);
            o[k] = plus(v, row16(how->dither[k] + x % DITHER_SIDE));
            if (has_grain) {
                __m256i t = held(v, _mm256_setzero_si256(), all16(3504)), rest = minus(all16(4030), t);
                __m256i body = _mm256_slli_epi16(times16(_mm256_slli_epi16(t, 3), plus(rest, rest)), 2);
                __m256i noise = _mm256_slli_epi16(_mm256_cvtepi8_epi16(row8(how->noise[k] + x)), 7);
                o[k] = plus(o[k], times16(times16(noise, all16(how->grain)), body));
            }
        }
        keep(o[0], o[1], 235, x, n, out);
    }
}

WIDE static void shade_wide(const frame_sheet *sheet, const frame_level level[2], const frame_shading *how, int n, uint8_t *const out[2]) {
    if (level->ramps && how->grain) shaded(sheet, level, how, n, out, 0, 1);
    else if (level->ramps) shaded(sheet, level, how, n, out, 0, 0);
    else if (how->grain) shaded(sheet, level, how, n, out, 1, 1);
    else shaded(sheet, level, how, n, out, 1, 0);
}

PART static inline void toned(const frame_sheet sheets[2], const frame_level *level, const frame_toning *how, int n, uint8_t *const out[2], int is_straight) {
    const __m256i share = all16(how->share);
    wide_level at;
    if (is_straight) at = level_wide(level);
    for (int x = 0; x < n; x += 16) {
        const __m256i gain = _mm256_min_epi16(lit16(how->top, how->low, share, x), all16(16384));
        __m256i o[2];
        if (!is_straight) at = warped_level(level->ramps, x);
        for (int k = 0; k < 2; k++) o[k] = plus(times16(down16(sheets + k, &at, is_straight, x), gain), all16(128 * 16 + 8));
        if (how->echo) {
            const __m256i echo = down16(how->echo, &at, is_straight, x);
            for (int k = 0; k < 2; k++) o[k] = plus(o[k], times16(row16(how->tints[k] + x), echo));
        }
        keep(o[0], o[1], 240, x, n, out);
    }
}

WIDE static void tone_wide(const frame_sheet sheets[2], const frame_level *level, const frame_toning *how, int n, uint8_t *const out[2]) {
    if (level->ramps) toned(sheets, level, how, n, out, 0);
    else toned(sheets, level, how, n, out, 1);
}
