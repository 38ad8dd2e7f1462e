/** Files of ground truth and detections: COCO, LVIS and Pascal VOC. */
@NullMarked
package downstream.detection.metrics.io;

import org.jspecify.annotations.NullMarked;
