/* The floor under `picture-floor`: libjpeg decodes at the scale that is needed, and encodes what came out; nothing between.
   Everything stays in the file's own YCbCr planes, so that not even a colour is converted. */
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

enum { BOUNDS = 1080 };

static unsigned scale_of(unsigned width, unsigned height) {
    unsigned side = width > height ? width : height, scale = 1;
    while (scale < 8 && side / (scale * 2) >= BOUNDS) scale *= 2;
    return scale;
}

static int convert(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) return 0;
    struct jpeg_error_mgr errors;
    struct jpeg_decompress_struct in = {.err = jpeg_std_error(&errors)};
    struct jpeg_compress_struct out = {.err = &errors};
    jpeg_create_decompress(&in);
    jpeg_create_compress(&out);
    jpeg_stdio_src(&in, file);
    jpeg_read_header(&in, TRUE);
    in.scale_num = 1;
    in.scale_denom = scale_of(in.image_width, in.image_height);
    in.out_color_space = in.jpeg_color_space;
    jpeg_start_decompress(&in);
    unsigned char *bytes = NULL;
    unsigned long count = 0;
    jpeg_mem_dest(&out, &bytes, &count);
    out.image_width = in.output_width;
    out.image_height = in.output_height;
    out.input_components = in.output_components;
    out.in_color_space = in.out_color_space;
    jpeg_set_defaults(&out);
    jpeg_set_quality(&out, 88, TRUE);
    jpeg_start_compress(&out, TRUE);
    unsigned char *row = malloc((size_t)in.output_width * in.output_components);
    while (in.output_scanline < in.output_height) {
        jpeg_read_scanlines(&in, &row, 1);
        jpeg_write_scanlines(&out, &row, 1);
    }
    jpeg_finish_decompress(&in);
    jpeg_finish_compress(&out);
    jpeg_destroy_decompress(&in);
    jpeg_destroy_compress(&out);
    free(row);
    free(bytes);
    fclose(file);
    return count > 0;
}

int main(int count, char **paths) {
    int made = 0;
    for (int i = 1; i < count; i++) made += convert(paths[i]);
    return made + 1 == count ? 0 : 1;
}
