/*
 * Features in C with PFFFT, for bench/features.ts to compare ours with.
 *
 *   native log-mel 512 COUNT     49 × 40 log-mel of 16,000 float32 numbers from standard input
 *   native power N COUNT         |X|² of 64 × N of them
 *
 * Computes COUNT times (of the power spectra: of one in turn). To standard output: the microseconds that this took
 * together, a double, then the results, float32.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pffft.h"

enum { LENGTH = 480, STRIDE = 320, FRAMES = 49, BANDS = 40, RATE = 16000, BATCH = 64, MOST_BINS = 257 };

static PFFFT_Setup *setup;
static float *frame, *spectrum, *work;
static float taper[LENGTH], weights[BANDS][MOST_BINS];
static int starts[BANDS], ends[BANDS];

/* As in librosa: HTK mel scale, triangles over the frequency in Hz. */
static void prepare_log_mel(int n) {
  double corners[BANDS + 2], low = 2595 * log10(1 + 20 / 700.0), high = 2595 * log10(1 + 4000 / 700.0);
  for (int i = 0; i < LENGTH; i++) taper[i] = (float)(0.5 - 0.5 * cos(2 * M_PI * i / LENGTH));
  for (int i = 0; i < BANDS + 2; i++) corners[i] = 700 * (pow(10, (low + (high - low) * i / (BANDS + 1)) / 2595) - 1);
  for (int band = 0; band < BANDS; band++) {
    starts[band] = n;
    for (int k = 0; k <= n / 2; k++) {
      double f = (double)k * RATE / n;
      double up = (f - corners[band]) / (corners[band + 1] - corners[band]);
      double down = (corners[band + 2] - f) / (corners[band + 2] - corners[band + 1]);
      double weight = up < down ? up : down;
      if (weight <= 0) continue;
      weights[band][k] = (float)weight;
      if (starts[band] == n) starts[band] = k;
      ends[band] = k + 1;
    }
    if (starts[band] == n) starts[band] = ends[band] = 0;
  }
}

static void power(const float *x, int n, float *out) {
  pffft_transform_ordered(setup, x, spectrum, work, PFFFT_FORWARD);
  out[0] = spectrum[0] * spectrum[0];
  out[n / 2] = spectrum[1] * spectrum[1];
  for (int k = 1; k < n / 2; k++) {
    out[k] = spectrum[2 * k] * spectrum[2 * k] + spectrum[2 * k + 1] * spectrum[2 * k + 1];
  }
}

static void log_mel(const float *x, int n, float *out) {
  static float bins[MOST_BINS];
  int before = (n - LENGTH) / 2;
  for (int f = 0; f < FRAMES; f++) {
    for (int i = 0; i < LENGTH; i++) frame[before + i] = taper[i] * x[f * STRIDE + before + i];
    power(frame, n, bins);
    for (int k = 0; k <= n / 2; k++) bins[k] = sqrtf(bins[k]);
    for (int band = 0; band < BANDS; band++) {
      float sum = 0;
      for (int k = starts[band]; k < ends[band]; k++) sum += weights[band][k] * bins[k];
      out[f * BANDS + band] = logf(sum + 1e-6f);
    }
  }
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  int mel = strcmp(argv[1], "log-mel") == 0, n = atoi(argv[2]), count = atoi(argv[3]);
  if (n < 32 || (mel && n > 512)) return 2;
  size_t samples = mel ? RATE : (size_t)BATCH * n, numbers = mel ? FRAMES * BANDS : (size_t)BATCH * (n / 2 + 1);
  float *x = pffft_aligned_malloc(samples * sizeof(float)), *out = calloc(numbers, sizeof(float));
  setup = pffft_new_setup(n, PFFFT_REAL);
  frame = pffft_aligned_malloc(n * sizeof(float));
  spectrum = pffft_aligned_malloc(n * sizeof(float));
  work = pffft_aligned_malloc(n * sizeof(float));
  memset(frame, 0, n * sizeof(float));
  if (fread(x, sizeof(float), samples, stdin) != samples) return 3;
  if (mel) prepare_log_mel(n);
  double took = 0;
  /* The first round warms up, and makes all results. */
  for (int round = 0; round < 2; round++) {
    int times = round == 0 && !mel ? BATCH : count;
    double start = now();
    for (int i = 0; i < times; i++) {
      if (mel) log_mel(x, n, out);
      else power(x + (size_t)(i % BATCH) * n, n, out + (size_t)(i % BATCH) * (n / 2 + 1));
    }
    took = now() - start;
  }
  fwrite(&took, sizeof(took), 1, stdout);
  fwrite(out, sizeof(float), numbers, stdout);
  return 0;
}
