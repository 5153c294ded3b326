/* CImageCodec: libjpeg, libpng, libwebp and littleCMS behind a few functions in which every setjmp begins and ends, and the
   pixel kernels. It opens no file, keeps no state between calls, and never lets bad bytes out of an error code.
   VitrineImaging alone calls it. */
#ifndef VITRINE_IMAGE_CODEC_H
#define VITRINE_IMAGE_CODEC_H

#include <stddef.h>
#include <stdint.h>

typedef enum ic_status {
    IC_OK = 0,
    IC_DAMAGED = 1,
    IC_UNSUPPORTED = 2,
    IC_TOO_MANY_SCANS = 3,
    IC_NO_MEMORY = 4
} ic_status;

/* What the first bytes of a picture promise. */
typedef struct ic_header {
    uint32_t width;
    uint32_t height;
    uint8_t has_alpha;
    uint8_t is_animated;
    uint8_t is_lossless;
    /* Bytes that decoding holds beside its output, for a decode without reduction. */
    uint64_t held;
} ic_header;

/* How to decode. `divisor` makes the output ceil(side / divisor); JPEG takes 1, 2, 4 and 8. `orientation` is EXIF's, 1 to 8.
   Where `fit_width` and `fit_height` are given, the picture is scaled to that size, counted before it is turned, and `divisor`
   only says how JPEG decodes. `out` holds the upright picture: RGBA, premultiplied, rows without gaps. */
typedef struct ic_request {
    const uint8_t *bytes;
    size_t count;
    uint32_t width;
    uint32_t height;
    uint32_t divisor;
    uint32_t fit_width;
    uint32_t fit_height;
    uint8_t orientation;
    int32_t scans;
    const uint8_t *profile;
    size_t profile_count;
    uint8_t *out;
} ic_request;

/* What was met while decoding. */
typedef struct ic_result {
    uint8_t least_alpha;
    uint8_t profile_converted;
    uint8_t profile_unreadable;
    char message[160];
} ic_result;

ic_status ic_jpeg_header(const uint8_t *bytes, size_t count, ic_header *header, ic_result *result);
ic_status ic_png_header(const uint8_t *bytes, size_t count, ic_header *header, ic_result *result);
ic_status ic_webp_header(const uint8_t *bytes, size_t count, ic_header *header, ic_result *result);
ic_status ic_jpeg_decode(const ic_request *request, ic_result *result);
ic_status ic_png_decode(const ic_request *request, ic_result *result);
ic_status ic_webp_decode(const ic_request *request, ic_result *result);

/* Encoded bytes; `ic_release` frees them. */
typedef struct ic_bytes {
    uint8_t *start;
    size_t count;
} ic_bytes;

/* How a JPEG is laid down: what the samples are, and whether it comes in passes. */
typedef enum ic_jpeg_kind { IC_JPEG_COLOR = 0, IC_JPEG_GREY = 1, IC_JPEG_CMYK = 2, IC_JPEG_YCCK = 3 } ic_jpeg_kind;

/* `pixels` are RGBA; for CMYK and YCCK they are the four inks, 255 for none as Adobe writes them. */
ic_status ic_jpeg_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, int32_t quality, ic_jpeg_kind kind, int32_t progressive,
    ic_bytes *bytes);
/* `pixels` are premultiplied RGBA. `with_alpha` 0 writes three channels. */
ic_status ic_png_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, int32_t with_alpha, int32_t level, ic_bytes *bytes);
void ic_release(ic_bytes *bytes);

/* A JPEG made ready: scaled to the size that the request asks for, turned upright, in sRGB, baseline, without metadata, and never
   out of YCbCr on the way. IC_UNSUPPORTED where that cannot be: other inks, or a profile that moves colours. */
ic_status ic_jpeg_prepare(const ic_request *request, int32_t quality, ic_bytes *bytes, ic_result *result);

/* A part of a picture, in pixels that need not be whole. */
typedef struct ic_part {
    double x;
    double y;
    double width;
    double height;
} ic_part;

/* Lanczos-3 where a picture becomes smaller and Catmull-Rom where it becomes larger, in the encoded values of sRGB.
   Premultiplied RGBA in and out. Returns IC_NO_MEMORY or IC_OK. */
ic_status ic_resample(
    const uint8_t *source, uint32_t source_width, uint32_t source_height, ic_part part,
    uint8_t *out, uint32_t width, uint32_t height);

/* The same, laid over a frame at (x, y), clipped to it. `across` (width values) and `down` (height values) say, 0 to 256, how
   much of the picture shows in each column and row. */
ic_status ic_draw(
    const uint8_t *source, uint32_t source_width, uint32_t source_height, ic_part part,
    uint8_t *frame, uint32_t frame_width, uint32_t frame_height,
    int32_t x, int32_t y, uint32_t width, uint32_t height, const uint16_t *across, const uint16_t *down);

/* Averages of equal areas. Premultiplied RGBA in and out. */
ic_status ic_average(
    const uint8_t *source, uint32_t source_width, uint32_t source_height, ic_part part,
    uint8_t *out, uint32_t width, uint32_t height);

/* Three box blurs, which come close to a Gaussian of that many pixels; four 16-bit channels; edges are repeated. */
ic_status ic_blur(uint16_t *pixels, uint32_t width, uint32_t height, double deviation);

/* Four 16-bit channels (256 times a byte, at most 65280) to opaque RGBA of another size: bilinear, with an ordered dither. */
ic_status ic_spread(
    const uint16_t *source, uint32_t source_width, uint32_t source_height, uint8_t *out, uint32_t width, uint32_t height);

/* Darkens opaque RGBA by a shade of the same size, 255 for not at all. */
void ic_darken(uint8_t *pixels, const uint8_t *shade, size_t count);

/* What was cut out: how sure that is (0 to 1), and of the matte its box, its middle by mass and its cover, in fractions of the
   picture; `contrast` is how far product and ground lie apart, a hundred being black on white. */
typedef struct ic_cutout {
    float certainty;
    float left;
    float top;
    float right;
    float bottom;
    float centre_x;
    float centre_y;
    float cover;
    float contrast;
} ic_cutout;

/* From that certainty on, product and ground may be treated apart. */
#define IC_SURE 0.5f

/* Tells the product of an opaque picture from a plain ground; `matte` takes one byte a pixel. Where that is not sure, nothing is
   product, and all measures are 0. */
ic_status ic_cut_out(const uint8_t *pixels, uint32_t width, uint32_t height, uint8_t *matte, ic_cutout *found);
/* The same for a picture that can be seen through: its alpha, and the measures of it. */
void ic_take_alpha(const uint8_t *pixels, size_t count, uint8_t *matte);
/* The share of pixels that are more clear than solid. */
double ic_clear_share(const uint8_t *pixels, size_t count);
void ic_measure_matte(const uint8_t *matte, uint32_t width, uint32_t height, ic_cutout *found);

/* The ground without its product, in cells of 16-bit channels as `ic_spread` takes them. */
ic_status ic_ground(
    const uint8_t *pixels, const uint8_t *matte, uint32_t width, uint32_t height, uint16_t *ground, uint32_t ground_width,
    uint32_t ground_height);
/* The product without what shines through of its ground: premultiplied RGBA. */
void ic_lift(const uint8_t *pixels, const uint8_t *ground, const uint8_t *matte, size_t count, uint8_t *out);

/* What can be measured of a picture at about 400 pixels. `sharpness`: how much of a strong edge's height its steepest two pixels
   take, of the sharper edges; 1 where there are too few. `two_colours`: the share of the two commonest colours of 4096;
   `colours`: how many take more than a thousandth; `vivid`: the share of pixels that are not grey. `letters`: the longest line of
   small alike pieces that stand on the ground. `products`: how many things of like size stand apart from each other on it, 0
   where nobody can tell. */
typedef struct ic_measures {
    float sharpness;
    float two_colours;
    float vivid;
    uint32_t colours;
    uint32_t letters;
    uint32_t products;
} ic_measures;

ic_status ic_measure(const uint8_t *pixels, uint32_t width, uint32_t height, ic_measures *measures);

#endif
