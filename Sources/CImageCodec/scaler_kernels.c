#include "scaler.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define HAS_AVX2 1
#endif

static uint8_t byte_of(int32_t sum) {
    sum = (sum + (1 << 19)) >> 20;
    return (uint8_t)(sum < 0 ? 0 : sum > 255 ? 255 : sum);
}

static void mix_rows_from(
    const uint8_t *const *rows, const int16_t *weights, uint32_t count, uint32_t from, uint32_t values, int16_t *out) {
    for (uint32_t i = from; i < values; i++) {
        int32_t sum = 128;
        for (uint32_t k = 0; k < count; k++) sum += rows[k][i] * weights[k];
        sum >>= 8;
        out[i] = (int16_t)(sum > 32767 ? 32767 : sum < -32768 ? -32768 : sum);
    }
}

static void mix_columns_from(
    const int16_t *row, const ic_taps *taps, uint32_t channels, uint32_t from, uint32_t width, uint8_t *out) {
    for (uint32_t i = from; i < width; i++) {
        const int16_t *weights = taps->weights + (size_t)i * taps->count;
        const int16_t *p = row + (size_t)taps->first[i] * channels;
        for (uint32_t c = 0; c < channels; c++) {
            int32_t sum = 0;
            for (uint32_t k = 0; k < taps->reach; k++) sum += p[k * channels + c] * weights[k];
            out[i * channels + c] = byte_of(sum);
        }
    }
}

#if HAS_AVX2
__attribute__((target("avx2"))) static uint32_t mix_rows_avx2(
    const uint8_t *const *rows, const int16_t *weights, uint32_t count, uint32_t values, int16_t *out) {
    const __m256i zero = _mm256_setzero_si256();
    uint32_t i = 0;
    for (; i + 32 <= values; i += 32) {
        __m256i s0 = _mm256_set1_epi32(128), s1 = s0, s2 = s0, s3 = s0;
        for (uint32_t k = 0; k < count; k += 2) {
            int32_t pair;
            memcpy(&pair, weights + k, 4);
            __m256i w = _mm256_set1_epi32(pair);
            __m256i a = _mm256_loadu_si256((const __m256i *)(const void *)(rows[k] + i));
            __m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(rows[k + 1] + i));
            __m256i low = _mm256_unpacklo_epi8(a, b), high = _mm256_unpackhi_epi8(a, b);
            s0 = _mm256_add_epi32(s0, _mm256_madd_epi16(_mm256_unpacklo_epi8(low, zero), w));
            s1 = _mm256_add_epi32(s1, _mm256_madd_epi16(_mm256_unpackhi_epi8(low, zero), w));
            s2 = _mm256_add_epi32(s2, _mm256_madd_epi16(_mm256_unpacklo_epi8(high, zero), w));
            s3 = _mm256_add_epi32(s3, _mm256_madd_epi16(_mm256_unpackhi_epi8(high, zero), w));
        }
        __m256i one = _mm256_packs_epi32(_mm256_srai_epi32(s0, 8), _mm256_srai_epi32(s1, 8));
        __m256i two = _mm256_packs_epi32(_mm256_srai_epi32(s2, 8), _mm256_srai_epi32(s3, 8));
        _mm256_storeu_si256((__m256i *)(void *)(out + i), _mm256_permute2x128_si256(one, two, 0x20));
        _mm256_storeu_si256((__m256i *)(void *)(out + i + 16), _mm256_permute2x128_si256(one, two, 0x31));
    }
    return i;
}

__attribute__((target("avx2"))) static __m128i sum_of(const int16_t *p, const int16_t *weights, uint32_t count) {
    __m128i sum = _mm_setzero_si128();
    for (uint32_t k = 0; k < count; k += 8)
        sum = _mm_add_epi32(
            sum,
            _mm_madd_epi16(
                _mm_loadu_si128((const __m128i *)(const void *)(p + k)),
                _mm_loadu_si128((const __m128i *)(const void *)(weights + k))));
    return sum;
}

/* One channel: the weights of a pixel are a multiple of eight. */
__attribute__((target("avx2"))) static uint32_t mix_single_avx2(
    const int16_t *row, const ic_taps *taps, uint32_t width, uint8_t *out) {
    const __m128i half = _mm_set1_epi32(1 << 19);
    uint32_t count = taps->count, i = 0;
    for (; i + 4 <= width; i += 4) {
        const int16_t *weights = taps->weights + (size_t)i * count;
        __m128i a = sum_of(row + taps->first[i], weights, count);
        __m128i b = sum_of(row + taps->first[i + 1], weights + count, count);
        __m128i c = sum_of(row + taps->first[i + 2], weights + count * 2, count);
        __m128i d = sum_of(row + taps->first[i + 3], weights + count * 3, count);
        __m128i sums = _mm_hadd_epi32(_mm_hadd_epi32(a, b), _mm_hadd_epi32(c, d));
        sums = _mm_srai_epi32(_mm_add_epi32(sums, half), 20);
        sums = _mm_packus_epi16(_mm_packs_epi32(sums, sums), sums);
        int32_t four = _mm_cvtsi128_si32(sums);
        memcpy(out + i, &four, 4);
    }
    return i;
}

/* Four channels: four pixels at a time, in pairs that a multiply-add sums. */
__attribute__((target("avx2"))) static void mix_fourfold_avx2(
    const int16_t *row, const ic_taps *taps, uint32_t width, uint8_t *out) {
    const __m256i order = _mm256_setr_epi8(
        0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15, 0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15);
    const __m256i spread = _mm256_setr_epi8(
        0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7);
    const __m128i half = _mm_set1_epi32(1 << 19);
    for (uint32_t i = 0; i < width; i++) {
        const int16_t *weights = taps->weights + (size_t)i * taps->count;
        const int16_t *p = row + (size_t)taps->first[i] * 4;
        __m256i sum = _mm256_setzero_si256();
        for (uint32_t k = 0; k < taps->count; k += 4) {
            __m256i four = _mm256_loadu_si256((const __m256i *)(const void *)(p + (size_t)k * 4));
            __m256i w = _mm256_broadcastq_epi64(_mm_loadl_epi64((const __m128i *)(const void *)(weights + k)));
            sum = _mm256_add_epi32(
                sum, _mm256_madd_epi16(_mm256_shuffle_epi8(four, order), _mm256_shuffle_epi8(w, spread)));
        }
        __m128i sums = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
        sums = _mm_srai_epi32(_mm_add_epi32(sums, half), 20);
        sums = _mm_packus_epi16(_mm_packs_epi32(sums, sums), sums);
        int32_t pixel = _mm_cvtsi128_si32(sums);
        memcpy(out + (size_t)i * 4, &pixel, 4);
    }
}
#endif

void ic_mix_rows(const uint8_t *const *rows, const int16_t *weights, uint32_t count, uint32_t values, int16_t *out) {
    uint32_t done = 0;
#if HAS_AVX2
    if (__builtin_cpu_supports("avx2")) done = mix_rows_avx2(rows, weights, count, values, out);
#endif
    mix_rows_from(rows, weights, count, done, values, out);
}

void ic_mix_columns(const int16_t *row, const ic_taps *taps, uint32_t channels, uint32_t width, uint8_t *out) {
    uint32_t done = 0;
#if HAS_AVX2
    if (__builtin_cpu_supports("avx2")) {
        if (channels == 1) {
            done = mix_single_avx2(row, taps, width, out);
        } else if (channels == 4) {
            mix_fourfold_avx2(row, taps, width, out);
            done = width;
        }
    }
#endif
    mix_columns_from(row, taps, channels, done, width, out);
}
