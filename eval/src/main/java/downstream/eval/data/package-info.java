/**
 * Images, annotations, splits and fingerprints; readers of COCO, VOC and mask folders; generated
 * scenes.
 */
@NullMarked
package downstream.eval.data;

import org.jspecify.annotations.NullMarked;
