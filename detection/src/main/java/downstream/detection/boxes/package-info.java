/** Arithmetic of boxes: corners, coding, anchors, non-maximum suppression. */
@NullMarked
package downstream.detection.boxes;

import org.jspecify.annotations.NullMarked;
