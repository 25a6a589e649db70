import { texts } from '../texts'

export const files = texts(
  {
    title: 'Files',
    none: 'This job has no files.',
    download: 'Download',
    renewing: 'Renewing the links…',
    renewed: 'The links had expired and were renewed; the download has begun.',
    gone: 'This file is no longer there: the job was deleted or has expired.',
    renewFailed: 'The links have expired and could not be renewed.',
    copyLink: 'Copy link to this job',
    linkCopied: 'Link copied',
    copyFailed: 'The browser did not allow copying.',
    copySums: 'Copy SHA-256 checksums',
    sumsCopied: 'Checksums copied',
    linkNote: 'Share it with care: the link alone may be enough to see the job.',
    groups: {
      everything: 'Everything',
      model: 'Whole model',
      labels: 'Images',
      tables: 'Tables and report',
      pictures: 'Pictures',
      other: 'Other files',
    },
    single: 'One file per structure ({{count}})',
    singleNote:
      'In millimetres, with the coordinates of the scan: files of one job fit together. STL for printing, OBJ for modelling.',
    search: 'Search files of structures',
    clearSearch: 'Clear the search',
    nothingFound: 'No structure matches “{{query}}”.',
    formats: {
      'bundle.zip': 'All files of the job in one archive.',
      'model.glb':
        'All structures with names and colours, in metres. Opens in Blender, PowerPoint and any glTF program.',
      'model.web.glb':
        'The same for this page: compressed (meshopt), without normals. Blender does not read it.',
      'model.obj':
        'All structures, in millimetres. Opens in Blender, MeshLab, Meshmixer; keep model.mtl beside it.',
      'model.mtl': 'The colours of model.obj; it belongs in the same folder.',
      'segmentation.nii.gz':
        'Label map on the grid of the scan, with its legend. Opens in 3D Slicer, ITK-SNAP, MITK.',
      'ct_preview.nii.gz':
        'The scan at a lower resolution, as the slices of this page show it. Not for measuring.',
      'segmentation_preview.nii.gz':
        'The label map on the grid of the preview, as the slices of this page show it.',
      'statistics.csv': 'The numbers of every structure, for spreadsheets, R and pandas.',
      'statistics.json': 'The same numbers for programs.',
      'manifest.json':
        'Everything about the result for programs: engine, options, geometry, files with checksums.',
      'preview.png': 'The model from the front, with a scale.',
    },
    extensions: {
      glb: '3D model (glTF): opens in Blender and any glTF program.',
      obj: '3D mesh: opens in Blender, MeshLab, Meshmixer.',
      stl: '3D mesh for printing: opens in PrusaSlicer, Cura, Bambu Studio and 3D Slicer.',
      ply: '3D mesh in its colour: opens in MeshLab, CloudCompare, ParaView and Open3D.',
      dcm: 'DICOM: opens in 3D Slicer, OHIF and on a PACS.',
      nii: 'Image volume (NIfTI): opens in 3D Slicer, ITK-SNAP, MITK.',
      csv: 'Table: opens in spreadsheets.',
      json: 'For programs.',
      png: 'Picture.',
      zip: 'Archive of several files.',
      pdf: 'Document.',
      unknown: 'Another file of the result.',
    },
  },
  {
    title: 'Archivos',
    none: 'Este trabajo no tiene archivos.',
    download: 'Descargar',
    renewing: 'Renovando los enlaces…',
    renewed: 'Los enlaces habían caducado y se han renovado; la descarga ha comenzado.',
    gone: 'Este archivo ya no está: el trabajo se eliminó o ha caducado.',
    renewFailed: 'Los enlaces han caducado y no se han podido renovar.',
    copyLink: 'Copiar enlace a este trabajo',
    linkCopied: 'Enlace copiado',
    copyFailed: 'El navegador no permitió copiar.',
    copySums: 'Copiar sumas SHA-256',
    sumsCopied: 'Sumas copiadas',
    linkNote: 'Compártalo con cuidado: el enlace por sí solo puede bastar para ver el trabajo.',
    groups: {
      everything: 'Todo',
      model: 'Modelo completo',
      labels: 'Imágenes',
      tables: 'Tablas e informe',
      pictures: 'Figuras',
      other: 'Otros archivos',
    },
    single: 'Un archivo por estructura ({{count}})',
    singleNote:
      'En milímetros y con las coordenadas del estudio: los archivos de un mismo trabajo encajan entre sí. STL para imprimir, OBJ para modelar.',
    search: 'Buscar archivos de estructuras',
    clearSearch: 'Borrar la búsqueda',
    nothingFound: 'Ninguna estructura coincide con «{{query}}».',
    formats: {
      'bundle.zip': 'Todos los archivos del trabajo en un solo paquete.',
      'model.glb':
        'Todas las estructuras con nombres y colores, en metros. Se abre en Blender, PowerPoint y cualquier programa de glTF.',
      'model.web.glb':
        'Lo mismo para esta página: comprimido (meshopt), sin normales. Blender no lo lee.',
      'model.obj':
        'Todas las estructuras, en milímetros. Se abre en Blender, MeshLab y Meshmixer; guarde model.mtl junto a él.',
      'model.mtl': 'Los colores de model.obj; debe estar en la misma carpeta.',
      'segmentation.nii.gz':
        'Mapa de etiquetas en la rejilla del estudio, con su leyenda. Se abre en 3D Slicer, ITK-SNAP y MITK.',
      'ct_preview.nii.gz':
        'El estudio a menor resolución, tal como lo muestran los cortes de esta página. No sirve para medir.',
      'segmentation_preview.nii.gz':
        'El mapa de etiquetas en la rejilla de la vista previa, tal como lo muestran los cortes de esta página.',
      'statistics.csv': 'Las medidas de cada estructura, para hojas de cálculo, R y pandas.',
      'statistics.json': 'Las mismas medidas para programas.',
      'manifest.json':
        'Todo sobre el resultado para programas: motor, opciones, geometría y archivos con sus sumas.',
      'preview.png': 'El modelo visto de frente, con escala.',
    },
    extensions: {
      glb: 'Modelo 3D (glTF): se abre en Blender y en cualquier programa de glTF.',
      obj: 'Malla 3D: se abre en Blender, MeshLab y Meshmixer.',
      stl: 'Malla 3D para imprimir: se abre en PrusaSlicer, Cura, Bambu Studio y 3D Slicer.',
      ply: 'Malla 3D en su color: se abre en MeshLab, CloudCompare, ParaView y Open3D.',
      dcm: 'DICOM: se abre en 3D Slicer, en OHIF y en un PACS.',
      nii: 'Imagen volumétrica (NIfTI): se abre en 3D Slicer, ITK-SNAP y MITK.',
      csv: 'Tabla: se abre en hojas de cálculo.',
      json: 'Para programas.',
      png: 'Imagen.',
      zip: 'Paquete de varios archivos.',
      pdf: 'Documento.',
      unknown: 'Otro archivo del resultado.',
    },
  },
)
