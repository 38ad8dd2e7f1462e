package downstream.detection.metrics;

/** Height and width in pixels; 0 where the file does not say. */
record PictureSize(int height, int width) {}
