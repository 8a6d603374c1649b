<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko_KR">
<context>
    <name>About</name>
    <message>
        <source>About Flawscope</source>
        <translation>Flawscope 정보</translation>
    </message>
    <message>
        <source>Finds defective products in images and in tables of measurements.

Licence: Apache-2.0. Uses Qt {qt} and PySide6 under the LGPL, PyTorch, scikit-learn and pyqtgraph; the Korean font is NanumSquare under the SIL Open Font License.</source>
        <translation>이미지와 측정값 표에서 불량 제품을 찾습니다.

라이선스: Apache-2.0. LGPL의 Qt {qt}와 PySide6, PyTorch, scikit-learn, pyqtgraph를 사용하며, 한글 글꼴은 SIL Open Font License의 나눔스퀘어입니다.</translation>
    </message>
</context>
<context>
    <name>Action</name>
    <message>
        <source>&amp;New project...</source>
        <translation>새 프로젝트(&amp;N)...</translation>
    </message>
    <message>
        <source>&amp;Open project...</source>
        <translation>프로젝트 열기(&amp;O)...</translation>
    </message>
    <message>
        <source>Open the &amp;sample project</source>
        <translation>예제 프로젝트 열기(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Close project</source>
        <translation>프로젝트 닫기(&amp;C)</translation>
    </message>
    <message>
        <source>Import a &amp;folder...</source>
        <translation>폴더 가져오기(&amp;F)...</translation>
    </message>
    <message>
        <source>Import a &amp;table...</source>
        <translation>표 가져오기(&amp;T)...</translation>
    </message>
    <message>
        <source>&amp;Export the report...</source>
        <translation>보고서 내보내기(&amp;E)...</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>끝내기(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>실행 취소(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>다시 실행(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Filter items</source>
        <translation>항목 필터(&amp;F)</translation>
    </message>
    <message>
        <source>Show &amp;all items</source>
        <translation>모든 항목 보기(&amp;A)</translation>
    </message>
    <message>
        <source>Take &amp;out of the project...</source>
        <translation>프로젝트에서 빼기(&amp;O)...</translation>
    </message>
    <message>
        <source>&amp;Preferences...</source>
        <translation>환경 설정(&amp;P)...</translation>
    </message>
    <message>
        <source>&amp;Good</source>
        <translation>양품(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Defective</source>
        <translation>불량(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Unsure</source>
        <translation>미확정(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;No label</source>
        <translation>라벨 없음(&amp;N)</translation>
    </message>
    <message>
        <source>Defect &amp;type...</source>
        <translation>불량 유형(&amp;T)...</translation>
    </message>
    <message>
        <source>Ne&amp;xt item not yet done</source>
        <translation>다음 미처리 항목(&amp;X)</translation>
    </message>
    <message>
        <source>&amp;Previous item not yet done</source>
        <translation>이전 미처리 항목(&amp;P)</translation>
    </message>
    <message>
        <source>S&amp;plit the items...</source>
        <translation>항목 나누기(&amp;P)...</translation>
    </message>
    <message>
        <source>&amp;Start training</source>
        <translation>학습 시작(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Cancel training</source>
        <translation>학습 취소(&amp;C)</translation>
    </message>
    <message>
        <source>Score &amp;all items</source>
        <translation>모든 항목 점수 계산(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Default threshold</source>
        <translation>기본 임계값(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Data</source>
        <translation>데이터(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Train</source>
        <translation>학습(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Review</source>
        <translation>검토(&amp;R)</translation>
    </message>
    <message>
        <source>Re&amp;port</source>
        <translation>보고서(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Large view</source>
        <translation>크게 보기(&amp;L)</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>확대(&amp;I)</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>축소(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Fit or 1:1</source>
        <translation>맞춤 또는 1:1(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Heatmap over the image</source>
        <translation>이미지 위에 히트맵(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Jobs</source>
        <translation>작업(&amp;J)</translation>
    </message>
    <message>
        <source>Reset the la&amp;yout</source>
        <translation>배치 초기화(&amp;Y)</translation>
    </message>
    <message>
        <source>&amp;Keys</source>
        <translation>단축키(&amp;K)</translation>
    </message>
    <message>
        <source>Open the &amp;log folder</source>
        <translation>로그 폴더 열기(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;About Flawscope</source>
        <translation>Flawscope 정보(&amp;A)</translation>
    </message>
</context>
<context>
    <name>Ask</name>
    <message>
        <source>Tables (*.csv *.tsv *.txt)</source>
        <translation>표 (*.csv *.tsv *.txt)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>모든 파일 (*)</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>Dismiss</source>
        <translation>닫기</translation>
    </message>
</context>
<context>
    <name>BugDialog</name>
    <message>
        <source>A fault in Flawscope</source>
        <translation>Flawscope 내부 오류</translation>
    </message>
    <message>
        <source>Something went wrong inside the program. Your labels and results are saved. You may go on; if it happens again, send the text below to whoever looks after Flawscope.</source>
        <translation>프로그램 내부에서 문제가 생겼습니다. 라벨과 결과는 저장되어 있습니다. 계속 사용해도 됩니다. 다시 일어나면 아래 내용을 Flawscope 담당자에게 보내 주세요.</translation>
    </message>
    <message>
        <source>Report of the fault</source>
        <translation>오류 내용</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>복사(&amp;C)</translation>
    </message>
    <message>
        <source>Open the &amp;log folder</source>
        <translation>로그 폴더 열기(&amp;L)</translation>
    </message>
    <message>
        <source>Happened %n time(s):</source>
        <translation>%n회 발생:</translation>
    </message>
</context>
<context>
    <name>CodePlot</name>
    <message>
        <source>first principal direction of the codes</source>
        <translation>코드의 첫째 주방향</translation>
    </message>
    <message>
        <source>second</source>
        <translation>둘째</translation>
    </message>
    <message>
        <source>first number of the code</source>
        <translation>코드의 첫째 숫자</translation>
    </message>
    <message>
        <source>Codes of the training items</source>
        <translation>학습 항목의 코드</translation>
    </message>
    <message>
        <source>Each point is the code of a training item; click it to see the item. The rings are 1, 2 and 3 spreads.</source>
        <translation>점 하나는 학습 항목 하나의 코드이며 클릭하면 항목이 보입니다. 고리는 산포의 1, 2, 3배입니다.</translation>
    </message>
</context>
<context>
    <name>ContributionTable</name>
    <message>
        <source>Column</source>
        <translation>열</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>값</translation>
    </message>
    <message>
        <source>Expected</source>
        <translation>기대값</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>차이</translation>
    </message>
    <message>
        <source>Usual range (1–99 % of good)</source>
        <translation>통상 범위 (양품의 1–99 %)</translation>
    </message>
    <message>
        <source>Share of score</source>
        <translation>점수 비중</translation>
    </message>
    <message>
        <source>98 % of the good training rows lie between {low} and {high} {unit}.</source>
        <translation>양품 학습 행의 98 %가 {low}에서 {high} {unit} 사이에 있습니다.</translation>
    </message>
    <message>
        <source>What a good row would have here, in the same unit</source>
        <translation>양품 행이라면 가질 값, 같은 단위</translation>
    </message>
    <message>
        <source>text column</source>
        <translation>문자 열</translation>
    </message>
    <message>
        <source>no good row has a value</source>
        <translation>값이 있는 양품 행 없음</translation>
    </message>
    <message>
        <source>Contribution of each column to the score</source>
        <translation>열별 점수 기여도</translation>
    </message>
    <message>
        <source>Filter columns</source>
        <translation>열 필터</translation>
    </message>
</context>
<context>
    <name>CountsTable</name>
    <message>
        <source>not known</source>
        <translation>알 수 없음</translation>
    </message>
    <message>
        <source>{count} of {total} = {percent} %</source>
        <translation>{total}개 중 {count}개 = {percent} %</translation>
    </message>
    <message>
        <source>(95 %: {low} – {high} %)</source>
        <translation>(95 %: {low} – {high} %)</translation>
    </message>
    <message>
        <source>no defective items here</source>
        <translation>여기에 불량 항목 없음</translation>
    </message>
    <message>
        <source>no good items here</source>
        <translation>여기에 양품 항목 없음</translation>
    </message>
    <message>
        <source>no labelled items here</source>
        <translation>여기에 라벨이 있는 항목 없음</translation>
    </message>
    <message>
        <source>good</source>
        <translation>양품</translation>
    </message>
    <message>
        <source>defective</source>
        <translation>불량</translation>
    </message>
    <message>
        <source>Escape</source>
        <translation>미검</translation>
    </message>
    <message>
        <source>Overkill</source>
        <translation>과검</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>보류</translation>
    </message>
    <message>
        <source>Defective parts that are judged OK</source>
        <translation>OK로 판정된 불량 제품</translation>
    </message>
    <message>
        <source>Good parts that are judged NG</source>
        <translation>NG로 판정된 양품 제품</translation>
    </message>
    <message>
        <source>Parts that a person must look at, good and defective, in the mix of this choice</source>
        <translation>사람이 봐야 하는 제품(양품과 불량), 현재 선택의 구성비 기준</translation>
    </message>
    <message>
        <source>Show the {label} items judged {verdict}</source>
        <translation>{verdict}로 판정된 {label} 항목 보기</translation>
    </message>
    <message>
        <source>%n unlabelled</source>
        <translation>라벨 없음 %n개</translation>
    </message>
    <message>
        <source>%n unsure</source>
        <translation>미확정 %n개</translation>
    </message>
    <message>
        <source>%n without a score</source>
        <translation>점수 없음 %n개</translation>
    </message>
    <message>
        <source>In no rate: {what}.</source>
        <translation>비율에서 제외: {what}.</translation>
    </message>
</context>
<context>
    <name>DataPage</name>
    <message>
        <source>no score</source>
        <translation>점수 없음</translation>
    </message>
    <message>
        <source>score {score}</source>
        <translation>점수 {score}</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>라벨</translation>
    </message>
    <message>
        <source>Defect type</source>
        <translation>불량 유형</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>분할</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>원본</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>점수</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>판정</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>데이터</translation>
    </message>
    <message>
        <source>Select an item first.</source>
        <translation>먼저 항목을 선택하세요.</translation>
    </message>
    <message>
        <source>Open the large view first.</source>
        <translation>먼저 크게 보기를 여세요.</translation>
    </message>
    <message>
        <source>Nothing is labelled yet: press 1 for good, 2 for defective.</source>
        <translation>아직 라벨이 없습니다. 1은 양품, 2는 불량입니다.</translation>
    </message>
    <message>
        <source>%n labelled item(s) have no split yet: split them before training.</source>
        <translation>라벨이 있는 항목 %n개가 아직 나뉘지 않았습니다. 학습 전에 나누세요.</translation>
    </message>
    <message>
        <source>split the items</source>
        <translation>항목 나누기</translation>
    </message>
    <message>
        <source>Take %n item(s) out of the project, labels and scores included?</source>
        <translation>항목 %n개를 라벨, 점수와 함께 프로젝트에서 뺄까요?</translation>
    </message>
    <message>
        <source>No file is deleted, and another import brings the items back without labels. This cannot be undone.</source>
        <translation>파일은 삭제되지 않으며, 다시 가져오면 라벨 없이 돌아옵니다. 되돌릴 수 없습니다.</translation>
    </message>
    <message>
        <source>Take out of the project</source>
        <translation>프로젝트에서 빼기</translation>
    </message>
    <message>
        <source>&amp;Take out</source>
        <translation>빼기(&amp;T)</translation>
    </message>
    <message>
        <source>Move to split</source>
        <translation>분할로 이동</translation>
    </message>
    <message>
        <source>Sort</source>
        <translation>정렬</translation>
    </message>
    <message>
        <source>Sort by</source>
        <translation>정렬 기준</translation>
    </message>
    <message>
        <source>Gallery</source>
        <translation>갤러리</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>표</translation>
    </message>
    <message>
        <source>Size of the thumbnails</source>
        <translation>미리보기 크기</translation>
    </message>
    <message>
        <source>largest or last first</source>
        <translation>큰 값 또는 뒤부터</translation>
    </message>
    <message>
        <source>smallest or first first</source>
        <translation>작은 값 또는 앞부터</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>원본</translation>
    </message>
    <message>
        <source>Items by split</source>
        <translation>분할별 항목</translation>
    </message>
    <message>
        <source>Import...</source>
        <translation>가져오기...</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>항목</translation>
    </message>
    <message>
        <source>No items yet</source>
        <translation>아직 항목이 없습니다</translation>
    </message>
    <message>
        <source>Import a folder of images or a table of measurements, or drop it on this window.</source>
        <translation>이미지 폴더나 측정값 표를 가져오거나 이 창에 끌어다 놓으세요.</translation>
    </message>
    <message>
        <source>No item passes the filter.</source>
        <translation>필터에 맞는 항목이 없습니다.</translation>
    </message>
    <message>
        <source>as imported</source>
        <translation>가져온 순서</translation>
    </message>
    <message>
        <source>name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>label</source>
        <translation>라벨</translation>
    </message>
    <message>
        <source>defect type</source>
        <translation>불량 유형</translation>
    </message>
    <message>
        <source>split</source>
        <translation>분할</translation>
    </message>
    <message>
        <source>score</source>
        <translation>점수</translation>
    </message>
    <message>
        <source>picture cannot be read</source>
        <translation>이미지를 읽을 수 없음</translation>
    </message>
    <message>
        <source>table row</source>
        <translation>표의 행</translation>
    </message>
    <message>
        <source>{place} of {count}</source>
        <translation>{count}개 중 {place}번째</translation>
    </message>
    <message>
        <source>Loading...</source>
        <translation>불러오는 중...</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>Large view</source>
        <translation>크게 보기</translation>
    </message>
    <message>
        <source>Back to all</source>
        <translation>전체로</translation>
    </message>
    <message>
        <source>Back to all items (Space or Esc)</source>
        <translation>모든 항목으로 돌아가기 (Space 또는 Esc)</translation>
    </message>
    <message>
        <source>Column</source>
        <translation>열</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>값</translation>
    </message>
    <message>
        <source>1 good   2 defective   3 unsure   0 no label   arrows: previous and next   + - / zoom   Space: back</source>
        <translation>1 양품   2 불량   3 미확정   0 라벨 없음   화살표: 이전, 다음   + - / 확대·축소   Space: 돌아가기</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>문제</translation>
    </message>
    <message>
        <source>Problems: {count}</source>
        <translation>문제: {count}건</translation>
    </message>
    <message>
        <source>All items</source>
        <translation>모든 항목</translation>
    </message>
    <message>
        <source>{name} (missing)</source>
        <translation>{name} (없음)</translation>
    </message>
    <message>
        <source>The import was cut off. Import it again to complete it; nothing is doubled.</source>
        <translation>가져오기가 중단되었습니다. 다시 가져오면 나머지가 채워지며 중복되지 않습니다.</translation>
    </message>
    <message>
        <source>Number of items by label and split</source>
        <translation>라벨과 분할별 항목 수</translation>
    </message>
    <message>
        <source>all</source>
        <translation>전체</translation>
    </message>
    <message>
        <source>Show these items</source>
        <translation>이 항목 보기</translation>
    </message>
</context>
<context>
    <name>DefectType</name>
    <message>
        <source>Defect type</source>
        <translation>불량 유형</translation>
    </message>
    <message>
        <source>&amp;Type of %n defective item(s):</source>
        <translation>불량 항목 %n개의 유형(&amp;T):</translation>
    </message>
    <message>
        <source>for example scratch</source>
        <translation>예: 스크래치</translation>
    </message>
</context>
<context>
    <name>Demo</name>
    <message>
        <source>{path} could not be written.</source>
        <translation>{path}을(를) 쓸 수 없습니다.</translation>
    </message>
</context>
<context>
    <name>Detector</name>
    <message>
        <source>Autoencoder</source>
        <translation>오토인코더</translation>
    </message>
    <message>
        <source>Learns to rebuild good items from a short code. What it cannot rebuild is suspicious.</source>
        <translation>양품을 짧은 코드에서 재구성하는 법을 배웁니다. 재구성하지 못하는 부분이 의심스럽습니다.</translation>
    </message>
    <message>
        <source>Isolation Forest</source>
        <translation>아이솔레이션 포레스트</translation>
    </message>
    <message>
        <source>Cuts the values of a table, or of brightness and edges, at random. What stands alone after few cuts is suspicious.</source>
        <translation>표의 값이나 밝기와 윤곽의 값을 무작위로 자릅니다. 몇 번 만에 홀로 남는 항목이 의심스럽습니다.</translation>
    </message>
    <message>
        <source>Adversarial autoencoder</source>
        <translation>적대적 오토인코더</translation>
    </message>
    <message>
        <source>Learns to rebuild good items from codes that a second network cannot tell from random draws. Shows how the codes lie.</source>
        <translation>두 번째 네트워크가 무작위 추출과 구별할 수 없는 코드에서 양품을 복원하는 법을 학습합니다. 코드가 어떻게 놓이는지 보여 줍니다.</translation>
    </message>
    <message>
        <source>AnoGAN</source>
        <translation>AnoGAN</translation>
    </message>
    <message>
        <source>Learns to make images of good parts, and compares each image with the most similar one that it can make. Needs many good images and patience.</source>
        <translation>양품 이미지를 만드는 법을 배우고, 각 이미지를 자신이 만들 수 있는 가장 비슷한 이미지와 비교합니다. 많은 양품 이미지와 인내심이 필요합니다.</translation>
    </message>
    <message>
        <source>CutPaste</source>
        <translation>CutPaste</translation>
    </message>
    <message>
        <source>Learns to find pieces pasted over good images, so that it looks at details. What looks unlike good images to it is suspicious.</source>
        <translation>양품 이미지에 붙인 조각을 찾는 법을 배워 세부를 보게 됩니다. 그 눈에 양품 이미지와 달라 보이는 것이 의심스럽습니다.</translation>
    </message>
    <message>
        <source>GANomaly</source>
        <translation>GANomaly</translation>
    </message>
    <message>
        <source>Rebuilds an image from a short code and reads the code again. If the code has changed, the image is suspicious. Results vary much from run to run: compare it with others.</source>
        <translation>이미지를 짧은 코드에서 재구성하고 코드를 다시 읽습니다. 코드가 달라졌으면 이미지가 의심스럽습니다. 실행마다 결과가 크게 다르므로 다른 검출기와 비교하세요.</translation>
    </message>
    <message>
        <source>Gradient boosting</source>
        <translation>그래디언트 부스팅</translation>
    </message>
    <message>
        <source>Learns from good and defective items with many small decision trees. Finds the kinds of defects it was shown.</source>
        <translation>작은 결정 트리를 많이 써서 양품과 불량 항목으로 학습합니다. 보여 준 종류의 불량을 찾습니다.</translation>
    </message>
    <message>
        <source>Local Outlier Factor</source>
        <translation>Local Outlier Factor (LOF)</translation>
    </message>
    <message>
        <source>Compares each item with the good items most like it, and shows them. What lies apart from them is suspicious.</source>
        <translation>각 항목을 가장 비슷한 양품 항목들과 비교하고 그 항목들을 보여 줍니다. 이들과 동떨어진 것이 의심스럽습니다.</translation>
    </message>
    <message>
        <source>Logistic regression</source>
        <translation>로지스틱 회귀</translation>
    </message>
    <message>
        <source>Learns one weight for each column from good and defective items. Finds the kinds of defects it was shown.</source>
        <translation>양품과 불량 항목으로 열마다 가중치 하나를 배웁니다. 보여 준 종류의 불량을 찾습니다.</translation>
    </message>
    <message>
        <source>PCA</source>
        <translation>PCA</translation>
    </message>
    <message>
        <source>Learns which values go together in good items. What breaks that is suspicious. A quick yardstick for other detectors.</source>
        <translation>양품에서 어떤 값들이 함께 움직이는지 배웁니다. 이를 깨는 것이 의심스럽습니다. 다른 검출기를 견줄 빠른 비교 기준입니다.</translation>
    </message>
    <message>
        <source>Relative patch position</source>
        <translation>패치 상대 위치</translation>
    </message>
    <message>
        <source>Learns how the patches of good images lie to each other; patches unlike all good ones are suspicious. A few labelled defects make it sharper.</source>
        <translation>양품 이미지의 패치들이 서로 어떻게 놓이는지 배우며, 어느 양품 패치와도 다른 패치가 의심스럽습니다. 라벨을 붙인 불량이 조금 있으면 더 예리해집니다.</translation>
    </message>
    <message>
        <source>Robust autoencoder</source>
        <translation>강건 오토인코더</translation>
    </message>
    <message>
        <source>An autoencoder for training data with hidden defects: sets aside what does not fit the rest, learns from what is left, and names the suspicious training items or columns.</source>
        <translation>불량이 숨어 있는 학습 데이터를 위한 오토인코더입니다. 나머지와 맞지 않는 것을 떼어 놓고 남은 것으로 학습하며, 의심스러운 학습 항목이나 열을 알려 줍니다.</translation>
    </message>
    <message>
        <source>Robust PCA</source>
        <translation>강건 PCA</translation>
    </message>
    <message>
        <source>Learns which values go together even if some training items are defective, and names those. What breaks the rule is suspicious.</source>
        <translation>학습 항목 일부가 불량이어도 어떤 값들이 함께 움직이는지 배우고, 그 불량 항목을 알려 줍니다. 규칙을 깨는 것이 의심스럽습니다.</translation>
    </message>
    <message>
        <source>Variational autoencoder</source>
        <translation>변분 오토인코더</translation>
    </message>
    <message>
        <source>Learns to rebuild good items from short codes kept close to a normal distribution. What it cannot rebuild is suspicious.</source>
        <translation>정규 분포에 가깝게 유지한 짧은 코드에서 양품을 재구성하는 법을 배웁니다. 재구성하지 못하는 부분이 의심스럽습니다.</translation>
    </message>
</context>
<context>
    <name>DetectorList</name>
    <message>
        <source>images</source>
        <translation>이미지</translation>
    </message>
    <message>
        <source>tables</source>
        <translation>표</translation>
    </message>
    <message>
        <source>good items, and defective ones if there are any</source>
        <translation>양품, 그리고 있으면 불량도</translation>
    </message>
    <message>
        <source>good items</source>
        <translation>양품 항목</translation>
    </message>
    <message>
        <source>items without labels</source>
        <translation>라벨 없는 항목</translation>
    </message>
    <message>
        <source>good and defective items</source>
        <translation>양품과 불량 항목</translation>
    </message>
    <message>
        <source>heatmap</source>
        <translation>히트맵</translation>
    </message>
    <message>
        <source>reconstruction</source>
        <translation>재구성 이미지</translation>
    </message>
    <message>
        <source>contribution of each column</source>
        <translation>열별 기여도</translation>
    </message>
    <message>
        <source>most similar good items</source>
        <translation>최근접 양품</translation>
    </message>
    <message>
        <source>probability of being defective</source>
        <translation>불량일 확률</translation>
    </message>
    <message>
        <source>anomaly score</source>
        <translation>이상치 점수</translation>
    </message>
    <message>
        <source>takes {kinds}</source>
        <translation>입력: {kinds}</translation>
    </message>
    <message>
        <source>learns from {items}</source>
        <translation>학습 대상: {items}</translation>
    </message>
    <message>
        <source>gives {gifts}</source>
        <translation>결과: {gifts}</translation>
    </message>
    <message>
        <source>Detectors</source>
        <translation>검출기</translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message>
        <source>Source</source>
        <translation>원본</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>종류</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>분할</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>라벨</translation>
    </message>
    <message>
        <source>Defect type</source>
        <translation>불량 유형</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>판정</translation>
    </message>
    <message>
        <source>Take this filter off</source>
        <translation>이 필터 해제</translation>
    </message>
    <message>
        <source>Take off: {filter}</source>
        <translation>해제: {filter}</translation>
    </message>
    <message>
        <source>Name, lot, serial number</source>
        <translation>이름, 로트, 일련번호</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>검색</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>필터</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>지우기</translation>
    </message>
    <message>
        <source>Show all items</source>
        <translation>모든 항목 보기</translation>
    </message>
    <message>
        <source>%n value(s)</source>
        <translation>값 %n개</translation>
    </message>
    <message>
        <source>{shown} of {total}</source>
        <translation>{total}개 중 {shown}개</translation>
    </message>
</context>
<context>
    <name>ImagePanes</name>
    <message>
        <source>x {x}  y {y}   value {value}</source>
        <translation>x {x}  y {y}   값 {value}</translation>
    </message>
    <message>
        <source>heat {heat}</source>
        <translation>히트 {heat}</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>이미지</translation>
    </message>
    <message>
        <source>Heatmap</source>
        <translation>히트맵</translation>
    </message>
    <message>
        <source>Reconstruction</source>
        <translation>재구성 이미지</translation>
    </message>
    <message>
        <source>Difference (white ≥ {levels})</source>
        <translation>차이 이미지 (흰색 ≥ {levels})</translation>
    </message>
    <message>
        <source>Double-click the picture to see it alone, and again to see all.</source>
        <translation>이미지를 두 번 클릭하면 하나만, 다시 클릭하면 모두 봅니다.</translation>
    </message>
    <message>
        <source>Image and reconstruction apart: black where they agree, white from {levels} grey levels on.</source>
        <translation>이미지와 재구성 이미지의 차이: 같으면 검정, {levels}계조부터 흰색.</translation>
    </message>
    <message>
        <source>Overlay</source>
        <translation>겹쳐 보기</translation>
    </message>
    <message>
        <source>Heatmap over the image (key *). Hold the key . to see the bare picture.</source>
        <translation>이미지 위에 히트맵 (* 키). . 키를 누르고 있으면 원본만 보입니다.</translation>
    </message>
    <message>
        <source>Opacity of the overlay</source>
        <translation>겹친 히트맵의 불투명도</translation>
    </message>
    <message>
        <source>Colours of the heatmap</source>
        <translation>히트맵 색상</translation>
    </message>
    <message>
        <source>One scale for the whole run: the same colour is the same evidence in every picture. The middle of the bar is the evidence that 99.9 % of the pixels of good calibration items stay below.</source>
        <translation>실행 전체에 하나의 척도: 같은 색은 모든 이미지에서 같은 근거입니다. 막대의 가운데는 양품 보정 항목 픽셀의 99.9 %가 넘지 않는 값입니다.</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>마스크</translation>
    </message>
    <message>
        <source>Outline of the defect as marked in the mask file of this item</source>
        <translation>이 항목의 마스크 파일에 표시된 불량 윤곽</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>맞춤</translation>
    </message>
    <message>
        <source>Show the whole picture (key / changes between fit and 1:1)</source>
        <translation>이미지 전체 보기 (/ 키로 맞춤과 1:1 전환)</translation>
    </message>
    <message>
        <source>One screen dot for each pixel of the picture (key /)</source>
        <translation>이미지 픽셀 하나를 화면 점 하나로 (/ 키)</translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>Column</source>
        <translation>열</translation>
    </message>
    <message>
        <source>Used as</source>
        <translation>용도</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>단위</translation>
    </message>
    <message>
        <source>First values</source>
        <translation>처음 값</translation>
    </message>
    <message>
        <source>Import {name}</source>
        <translation>{name} 가져오기</translation>
    </message>
    <message>
        <source>Looking at {path}</source>
        <translation>{path} 살펴보는 중</translation>
    </message>
    <message>
        <source>Looking</source>
        <translation>살펴보는 중</translation>
    </message>
    <message>
        <source>&amp;Import</source>
        <translation>가져오기(&amp;I)</translation>
    </message>
    <message>
        <source>A fault in the program ended the look.</source>
        <translation>프로그램 오류로 살펴보기가 끝났습니다.</translation>
    </message>
    <message>
        <source>{done} of {total} images checked so far; you need not wait.</source>
        <translation>이미지 {total}개 중 {done}개 확인. 기다리지 않아도 됩니다.</translation>
    </message>
    <message>
        <source>{readable} of {total} images can be read.</source>
        <translation>이미지 {total}개 중 {readable}개를 읽을 수 있습니다.</translation>
    </message>
    <message>
        <source>%Ln remark(s):</source>
        <translation>알림 %Ln건:</translation>
    </message>
    <message>
        <source>as found</source>
        <translation>찾은 그대로</translation>
    </message>
    <message>
        <source>all {word}</source>
        <translation>모두 {word}</translation>
    </message>
    <message>
        <source>&amp;Label</source>
        <translation>라벨(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Split</source>
        <translation>분할(&amp;S)</translation>
    </message>
    <message>
        <source>MVTec layout: folders for splits, in them folders for labels</source>
        <translation>MVTec 구조: 분할 폴더 안에 라벨 폴더</translation>
    </message>
    <message>
        <source>one folder for each label</source>
        <translation>라벨마다 폴더 하나</translation>
    </message>
    <message>
        <source>no labels in the folder names</source>
        <translation>폴더 이름에 라벨 없음</translation>
    </message>
    <message>
        <source>Tables in this folder to import as well, one after the other:</source>
        <translation>이 폴더에서 함께 차례로 가져올 표:</translation>
    </message>
    <message>
        <source>%Ln image(s)</source>
        <translation>이미지 %Ln개</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>폴더</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>이미지</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>라벨</translation>
    </message>
    <message>
        <source>Defect type</source>
        <translation>불량 유형</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>분할</translation>
    </message>
    <message>
        <source>Masks</source>
        <translation>마스크</translation>
    </message>
    <message>
        <source>Images by folder</source>
        <translation>폴더별 이미지</translation>
    </message>
    <message>
        <source>&amp;Import %Ln image(s)</source>
        <translation>이미지 %Ln개 가져오기(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Go on with %n table(s)</source>
        <translation>표 %n개로 계속(&amp;G)</translation>
    </message>
    <message>
        <source>comma</source>
        <translation>쉼표</translation>
    </message>
    <message>
        <source>semicolon</source>
        <translation>세미콜론</translation>
    </message>
    <message>
        <source>tab</source>
        <translation>탭</translation>
    </message>
    <message>
        <source>bar</source>
        <translation>세로줄</translation>
    </message>
    <message>
        <source>decimal point</source>
        <translation>소수점</translation>
    </message>
    <message>
        <source>decimal comma</source>
        <translation>소수 쉼표</translation>
    </message>
    <message>
        <source>encoding {encoding}, separator {separator}, {decimal}</source>
        <translation>인코딩 {encoding}, 구분자 {separator}, {decimal}</translation>
    </message>
    <message>
        <source>%Ln row(s)</source>
        <translation>%Ln행</translation>
    </message>
    <message>
        <source>First rows</source>
        <translation>처음 행</translation>
    </message>
    <message>
        <source>The name of the file says of all rows: {words}. The choices below go before it.</source>
        <translation>파일 이름에 따르면 모든 행이 {words}입니다. 아래 선택이 우선합니다.</translation>
    </message>
    <message>
        <source>Columns of the table and what they are used for</source>
        <translation>표의 열과 용도</translation>
    </message>
    <message>
        <source>&amp;Import %Ln row(s)</source>
        <translation>%Ln행 가져오기(&amp;I)</translation>
    </message>
</context>
<context>
    <name>Jobs</name>
    <message>
        <source>stopping</source>
        <translation>멈추는 중</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>대기 중</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>{time} 남음</translation>
    </message>
    <message>
        <source>Cancel {job}</source>
        <translation>{job} 취소</translation>
    </message>
    <message>
        <source>done</source>
        <translation>완료</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>실패</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>취소됨</translation>
    </message>
    <message>
        <source>No jobs are running.</source>
        <translation>실행 중인 작업이 없습니다.</translation>
    </message>
    <message>
        <source> (and %n more)</source>
        <translation> (외 %n개)</translation>
    </message>
</context>
<context>
    <name>KeySheet</name>
    <message>
        <source>Arrows</source>
        <translation>화살표</translation>
    </message>
    <message>
        <source>Move among items; with Shift extend the selection</source>
        <translation>항목 사이 이동, Shift와 함께 선택 확장</translation>
    </message>
    <message>
        <source>Select all items that are shown</source>
        <translation>보이는 모든 항목 선택</translation>
    </message>
    <message>
        <source>Defective, of the defect type with this number</source>
        <translation>불량, 이 번호의 불량 유형</translation>
    </message>
    <message>
        <source>Close the large view, cancel a drag</source>
        <translation>크게 보기 닫기, 끌기 취소</translation>
    </message>
    <message>
        <source>Left, Right on a threshold</source>
        <translation>임계값에서 왼쪽, 오른쪽</translation>
    </message>
    <message>
        <source>One item changes its verdict; with Shift ten</source>
        <translation>항목 하나의 판정이 바뀜, Shift와 함께 열 개</translation>
    </message>
    <message>
        <source>Hold .</source>
        <translation>. 누르고 있기</translation>
    </message>
    <message>
        <source>The bare image, without the heatmap</source>
        <translation>히트맵 없는 원본 이미지</translation>
    </message>
    <message>
        <source>In the views</source>
        <translation>보기에서</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>단축키</translation>
    </message>
</context>
<context>
    <name>LossCurve</name>
    <message>
        <source>training items</source>
        <translation>학습 항목</translation>
    </message>
    <message>
        <source>calibration goods</source>
        <translation>보정 양품</translation>
    </message>
    <message>
        <source>Logarithmic loss axis</source>
        <translation>손실 축을 로그로</translation>
    </message>
    <message>
        <source>step</source>
        <translation>단계</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>손실</translation>
    </message>
    <message>
        <source>Loss curve</source>
        <translation>손실 곡선</translation>
    </message>
</context>
<context>
    <name>Menu</name>
    <message>
        <source>&amp;File</source>
        <translation>파일(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>편집(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Label</source>
        <translation>라벨(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>실행(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>보기(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>도움말(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Recent projects</source>
        <translation>최근 프로젝트(&amp;R)</translation>
    </message>
</context>
<context>
    <name>NewProject</name>
    <message>
        <source>A name must not contain any of &lt; &gt; : &quot; / \ | ? *</source>
        <translation>이름에 &lt; &gt; : &quot; / \ | ? * 를 쓸 수 없습니다</translation>
    </message>
    <message>
        <source>Windows does not allow this name.</source>
        <translation>Windows에서 허용하지 않는 이름입니다.</translation>
    </message>
    <message>
        <source>New project</source>
        <translation>새 프로젝트</translation>
    </message>
    <message>
        <source>for example the product and the line</source>
        <translation>예: 제품과 라인</translation>
    </message>
    <message>
        <source>&amp;Browse...</source>
        <translation>찾아보기(&amp;B)...</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>이름(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Folder</source>
        <translation>폴더(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Create</source>
        <translation>만들기(&amp;C)</translation>
    </message>
    <message>
        <source>There is such a project already. Open it, or choose another name.</source>
        <translation>같은 프로젝트가 이미 있습니다. 그것을 열거나 다른 이름을 정하세요.</translation>
    </message>
    <message>
        <source>Give the folder with its whole path.</source>
        <translation>폴더를 전체 경로로 입력하세요.</translation>
    </message>
    <message>
        <source>Labels, runs and reports will be kept in {folder}; your images stay where they are.</source>
        <translation>라벨, 실행, 보고서는 {folder}에 저장되고 이미지는 제자리에 남습니다.</translation>
    </message>
    <message>
        <source>Give the project a name.</source>
        <translation>프로젝트 이름을 정하세요.</translation>
    </message>
    <message>
        <source>Folder for the project</source>
        <translation>프로젝트를 둘 폴더</translation>
    </message>
</context>
<context>
    <name>NewRun</name>
    <message>
        <source>Quick</source>
        <translation>빠르게</translation>
    </message>
    <message>
        <source>Standard</source>
        <translation>표준</translation>
    </message>
    <message>
        <source>Thorough</source>
        <translation>정밀</translation>
    </message>
    <message>
        <source>No detector can be used yet.</source>
        <translation>아직 쓸 수 있는 검출기가 없습니다.</translation>
    </message>
    <message>
        <source>Correct the entries that are marked first.</source>
        <translation>먼저 표시된 입력을 고치세요.</translation>
    </message>
    <message>
        <source>Detector</source>
        <translation>검출기</translation>
    </message>
    <message>
        <source>Effort</source>
        <translation>시간 투입</translation>
    </message>
    <message>
        <source>Learn from</source>
        <translation>학습 원본</translation>
    </message>
    <message>
        <source>Run on</source>
        <translation>실행 장치</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>시드</translation>
    </message>
    <message>
        <source>Tiles</source>
        <translation>타일</translation>
    </message>
    <message>
        <source>show the detector tiles of</source>
        <translation>검출기에 타일로 나누어 보이기, 크기</translation>
    </message>
    <message>
        <source>Tile size</source>
        <translation>타일 크기</translation>
    </message>
    <message>
        <source>px</source>
        <translation>px</translation>
    </message>
    <message>
        <source>For small defects on large images: overlapping squares of the image instead of the whole, made smaller.</source>
        <translation>큰 이미지의 작은 불량에 알맞습니다. 전체를 줄인 이미지 대신 서로 겹치는 정사각형 조각을 봅니다.</translation>
    </message>
    <message>
        <source>Start of all random draws, 0 too. The same seed gives the same scores again.</source>
        <translation>모든 난수의 시작값이며 0도 됩니다. 같은 시드는 같은 점수를 줍니다.</translation>
    </message>
    <message>
        <source>Not allowed. Enter a whole number from 0 to {high}.</source>
        <translation>허용되지 않습니다. 0에서 {high} 사이의 정수를 입력하세요.</translation>
    </message>
    <message>
        <source>Not allowed. Enter a whole number from {low} to {high}.</source>
        <translation>허용되지 않습니다. {low}에서 {high} 사이의 정수를 입력하세요.</translation>
    </message>
    <message>
        <source>{effort}: about {time}</source>
        <translation>{effort}: 약 {time}</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>매개변수</translation>
    </message>
    <message>
        <source>Start training</source>
        <translation>학습 시작</translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation>모두 초기화</translation>
    </message>
    <message>
        <source>Back to the values of the chosen effort</source>
        <translation>선택한 시간 투입의 값으로 되돌리기</translation>
    </message>
    <message>
        <source>automatic ({device})</source>
        <translation>자동 ({device})</translation>
    </message>
    <message>
        <source>all images</source>
        <translation>모든 이미지</translation>
    </message>
    <message>
        <source>all tables</source>
        <translation>모든 표</translation>
    </message>
    <message>
        <source>all sources</source>
        <translation>모든 원본</translation>
    </message>
    <message>
        <source>After {paper}</source>
        <translation>출처: {paper}</translation>
    </message>
    <message>
        <source>Learns from {items}.</source>
        <translation>학습: {items}.</translation>
    </message>
    <message>
        <source>The threshold is set on {items}.</source>
        <translation>임계값 설정: {items}.</translation>
    </message>
    <message>
        <source>Tested on {items}.</source>
        <translation>평가: {items}.</translation>
    </message>
    <message>
        <source>Items that have no split yet get one first, drawn by the seed.</source>
        <translation>아직 나뉘지 않은 항목은 먼저 시드에 따라 나뉩니다.</translation>
    </message>
    <message>
        <source>%n defective item(s) move from the calibration split to the training split first.</source>
        <translation>먼저 불량 항목 %n개가 보정 분할에서 학습 분할로 옮겨집니다.</translation>
    </message>
    <message>
        <source>%n good item(s)</source>
        <translation>양품 항목 %n개</translation>
    </message>
    <message>
        <source>%n unlabelled item(s) taken as good</source>
        <translation>양품으로 보는 라벨 없는 항목 %n개</translation>
    </message>
    <message>
        <source>%n defective item(s)</source>
        <translation>불량 항목 %n개</translation>
    </message>
    <message>
        <source>the training items</source>
        <translation>학습 항목</translation>
    </message>
    <message>
        <source>Trying how long a run takes</source>
        <translation>실행에 걸리는 시간 재는 중</translation>
    </message>
</context>
<context>
    <name>Parameter</name>
    <message>
        <source>Working size</source>
        <translation>작업 크기</translation>
    </message>
    <message>
        <source>Images are made this large before the network sees them. Small defects need more; time grows with the square.</source>
        <translation>네트워크에 넣기 전 이미지를 이 크기로 만듭니다. 작은 불량에는 더 커야 하며 시간은 제곱으로 늘어납니다.</translation>
    </message>
    <message>
        <source>How often every training item is shown.</source>
        <translation>학습 항목을 각각 보여 주는 횟수.</translation>
    </message>
    <message>
        <source>Items learnt from at once. Smaller needs less memory.</source>
        <translation>한 번에 학습하는 항목 수. 작으면 메모리를 덜 씁니다.</translation>
    </message>
    <message>
        <source>Code length</source>
        <translation>코드 길이</translation>
    </message>
    <message>
        <source>Numbers that an item is squeezed into. Too many and defects are rebuilt too; too few and good parts are not.</source>
        <translation>항목을 압축하는 숫자의 개수. 너무 많으면 불량도 재구성되고, 너무 적으면 양품도 재구성되지 않습니다.</translation>
    </message>
    <message>
        <source>Images only. Channels of the first layer. Wider learns finer detail and takes longer.</source>
        <translation>이미지 전용. 첫 층의 채널 수. 넓으면 더 세밀하게 배우고 더 오래 걸립니다.</translation>
    </message>
    <message>
        <source>Images only. Width of the blur over the differences. About the size of the smallest defect.</source>
        <translation>이미지 전용. 차이 위에 적용하는 흐림 폭. 가장 작은 불량 정도의 크기.</translation>
    </message>
    <message>
        <source>Images only. The score is the mean of this part of the map with the largest values. Small defects need a small part; 100 is the mean of all.</source>
        <translation>이미지 전용. 점수는 맵에서 값이 가장 큰 이 비율의 평균입니다. 작은 불량에는 작은 비율이 필요하며 100은 전체 평균입니다.</translation>
    </message>
    <message>
        <source>Images only. Each place is judged against its own error in good ones, so that edges do not glow. Turn it off if parts lie differently in each.</source>
        <translation>이미지 전용. 각 위치를 양품 이미지에서의 오차와 비교하므로 가장자리가 빛나지 않습니다. 제품 위치가 이미지마다 다르면 끄세요.</translation>
    </message>
    <message>
        <source>Scale each column</source>
        <translation>열마다 척도 맞추기</translation>
    </message>
    <message>
        <source>Tables only. All columns weigh the same, whatever their units. Turn it off if they share one unit, such as sensors of one kind.</source>
        <translation>표 전용. 단위와 관계없이 모든 열의 비중이 같습니다. 같은 종류의 센서처럼 열의 단위가 모두 같으면 끄세요.</translation>
    </message>
    <message>
        <source>File with weights</source>
        <translation>가중치 파일</translation>
    </message>
    <message>
        <source>A ResNet-18 trained elsewhere (.safetensors or .pth), to start from instead of random numbers. Only numbers are read from it. Empty for none.</source>
        <translation>다른 곳에서 학습한 ResNet-18(.safetensors 또는 .pth). 난수 대신 여기서 시작합니다. 파일에서 숫자만 읽습니다. 쓰지 않으면 비워 두세요.</translation>
    </message>
    <message>
        <source>Size of the network</source>
        <translation>네트워크 크기</translation>
    </message>
    <message>
        <source>A ResNet-18 with a quarter of its channels learns in minutes without a graphics card. Weights from a file need the size they were made for.</source>
        <translation>채널을 4분의 1로 줄인 ResNet-18은 그래픽 카드 없이도 몇 분 만에 학습합니다. 파일의 가중치를 쓰려면 그 가중치가 만들어진 크기를 선택하세요.</translation>
    </message>
    <message>
        <source>quarter</source>
        <translation>4분의 1</translation>
    </message>
    <message>
        <source>full</source>
        <translation>전체</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>에포크</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>학습률</translation>
    </message>
    <message>
        <source>Size of the first steps. Halve it if the loss jumps or is no number.</source>
        <translation>처음 단계의 크기. 손실이 튀거나 숫자가 아니면 절반으로 줄이세요.</translation>
    </message>
    <message>
        <source>Batch size</source>
        <translation>배치 크기</translation>
    </message>
    <message>
        <source>Denoising</source>
        <translation>잡음 제거</translation>
    </message>
    <message>
        <source>Noise added while training, which the network must take off again. 0 makes a plain autoencoder. Never added when scoring.</source>
        <translation>학습 중 더하는 잡음이며 네트워크가 다시 제거해야 합니다. 0이면 일반 오토인코더입니다. 점수 계산 때는 더하지 않습니다.</translation>
    </message>
    <message>
        <source>of full scale</source>
        <translation>전체 눈금 대비</translation>
    </message>
    <message>
        <source>Smoothing of the map</source>
        <translation>맵 평활화</translation>
    </message>
    <message>
        <source>% of the side</source>
        <translation>변의 %</translation>
    </message>
    <message>
        <source>Part of the map that counts</source>
        <translation>점수에 쓰는 맵 비율</translation>
    </message>
    <message>
        <source>Compare with the usual error of each place</source>
        <translation>위치별 통상 오차와 비교</translation>
    </message>
    <message>
        <source>Network width</source>
        <translation>네트워크 폭</translation>
    </message>
    <message>
        <source>Trees</source>
        <translation>트리 수</translation>
    </message>
    <message>
        <source>More trees make the score steadier from seed to seed and take longer.</source>
        <translation>트리가 많으면 시드에 따른 점수 차이가 줄고 더 오래 걸립니다.</translation>
    </message>
    <message>
        <source>Rows per tree</source>
        <translation>트리당 행 수</translation>
    </message>
    <message>
        <source>Each tree sees this many rows, drawn at random. Few rows keep groups of similar defects apart from the good rows.</source>
        <translation>트리마다 이만큼의 행을 무작위로 봅니다. 적으면 비슷한 불량 무리가 양품 행과 구별됩니다.</translation>
    </message>
    <message>
        <source>rows</source>
        <translation>행</translation>
    </message>
    <message>
        <source>Cut categories too</source>
        <translation>범주도 자르기</translation>
    </message>
    <message>
        <source>Makes rare variants suspicious in themselves. Tables without a numeric column are always cut by category.</source>
        <translation>드문 변형 자체를 의심스럽게 만듭니다. 숫자 열이 없는 표는 항상 범주로 자릅니다.</translation>
    </message>
    <message>
        <source>Columns per tree</source>
        <translation>트리당 열 비율</translation>
    </message>
    <message>
        <source>Part of the columns that each tree may cut. Less than all helps when many columns tell nothing.</source>
        <translation>트리마다 자를 수 있는 열의 비율. 쓸모없는 열이 많으면 줄이는 것이 좋습니다.</translation>
    </message>
    <message>
        <source>as the system</source>
        <translation>시스템 설정</translation>
    </message>
    <message>
        <source>light</source>
        <translation>밝게</translation>
    </message>
    <message>
        <source>dark</source>
        <translation>어둡게</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>언어</translation>
    </message>
    <message>
        <source>Changes at once; nothing is lost.</source>
        <translation>바로 바뀌며 잃는 것이 없습니다.</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>색상</translation>
    </message>
    <message>
        <source>Light or dark, or as the desktop is set.</source>
        <translation>밝게, 어둡게, 또는 바탕 화면 설정대로.</translation>
    </message>
    <message>
        <source>Open the last project at start</source>
        <translation>시작할 때 마지막 프로젝트 열기</translation>
    </message>
    <message>
        <source>Otherwise the start page with the recent projects is shown.</source>
        <translation>아니면 최근 프로젝트가 있는 시작 화면이 보입니다.</translation>
    </message>
    <message>
        <source>error</source>
        <translation>오차</translation>
    </message>
    <message>
        <source>code</source>
        <translation>코드</translation>
    </message>
    <message>
        <source>both</source>
        <translation>둘 다</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>점수</translation>
    </message>
    <message>
        <source>The error of rebuilding; how far the code lies from where codes of good items lie; or both, each in its usual spread.</source>
        <translation>복원 오차, 코드가 양품의 코드가 놓이는 곳에서 떨어진 정도, 또는 둘 다를 각자의 통상 산포로 나타낸 값입니다.</translation>
    </message>
    <message>
        <source>Part of the code in the score</source>
        <translation>점수에서 코드의 비중</translation>
    </message>
    <message>
        <source>If the score is both: how much of it comes from the code. The rest is the error.</source>
        <translation>점수가 둘 다일 때 코드에서 오는 비중입니다. 나머지는 오차입니다.</translation>
    </message>
    <message>
        <source>Weight of the adversary</source>
        <translation>적대 네트워크의 가중치</translation>
    </message>
    <message>
        <source>How hard codes are pressed into the shape of a normal distribution. 0 makes a plain autoencoder.</source>
        <translation>코드를 정규분포 모양으로 미는 세기입니다. 0이면 보통 오토인코더가 됩니다.</translation>
    </message>
    <message>
        <source>Learning rate of the adversary</source>
        <translation>적대 네트워크의 학습률</translation>
    </message>
    <message>
        <source>Size of the steps of the network that judges the codes, and of the answer to it.</source>
        <translation>코드를 판정하는 네트워크와 그에 대한 응답의 스텝 크기입니다.</translation>
    </message>
    <message>
        <source>encoder</source>
        <translation>인코더</translation>
    </message>
    <message>
        <source>search</source>
        <translation>탐색</translation>
    </message>
    <message>
        <source>Way to the generated image</source>
        <translation>생성 이미지를 찾는 방법</translation>
    </message>
    <message>
        <source>Encoder: a network learns to find it at once. Search: it is searched step by step for every image, as in the first paper; scoring takes a hundred times longer.</source>
        <translation>인코더: 네트워크가 한 번에 찾는 법을 배웁니다. 탐색: 첫 논문처럼 이미지마다 단계적으로 찾으며 점수 계산이 백 배 오래 걸립니다.</translation>
    </message>
    <message>
        <source>Training steps</source>
        <translation>학습 단계 수</translation>
    </message>
    <message>
        <source>Batches that the generator learns from. More are needed for larger images and for goods that vary much.</source>
        <translation>생성기가 학습하는 배치 수. 이미지가 크거나 양품이 다양할수록 더 많이 필요합니다.</translation>
    </message>
    <message>
        <source>Training steps of the encoder</source>
        <translation>인코더 학습 단계 수</translation>
    </message>
    <message>
        <source>Batches that the encoder learns from, after the generator. Not used by the search.</source>
        <translation>생성기 다음에 인코더가 학습하는 배치 수. 탐색에는 쓰이지 않습니다.</translation>
    </message>
    <message>
        <source>Weight of the features</source>
        <translation>특징 가중치</translation>
    </message>
    <message>
        <source>How much a difference in what the discriminator sees counts beside the difference of the pixels, with the encoder. 0 counts pixels only.</source>
        <translation>인코더를 쓸 때, 픽셀 차이에 더해 판별기가 보는 특징의 차이를 반영하는 정도. 0이면 픽셀만 반영합니다.</translation>
    </message>
    <message>
        <source>Share of the features</source>
        <translation>특징 비중</translation>
    </message>
    <message>
        <source>How much a difference in what the discriminator sees counts, with the search; the rest is the difference of the pixels.</source>
        <translation>탐색을 쓸 때, 판별기가 보는 특징의 차이가 차지하는 비중. 나머지는 픽셀 차이입니다.</translation>
    </message>
    <message>
        <source>Steps of the search</source>
        <translation>탐색 단계 수</translation>
    </message>
    <message>
        <source>At most so many for every image. A search ends when it gains no more.</source>
        <translation>이미지마다 최대 이만큼. 더 나아지지 않으면 탐색이 끝납니다.</translation>
    </message>
    <message>
        <source>Starts of the search</source>
        <translation>탐색 시작점 수</translation>
    </message>
    <message>
        <source>Every image is searched from so many starting points; the best result counts.</source>
        <translation>이미지마다 이만큼의 시작점에서 탐색하며 가장 좋은 결과를 씁니다.</translation>
    </message>
    <message>
        <source>Start from the mean image</source>
        <translation>평균 이미지에서 시작</translation>
    </message>
    <message>
        <source>Only the differences of good images from their mean are learnt, which takes far fewer steps. Turn it off for the method as published.</source>
        <translation>양품 이미지와 그 평균의 차이만 학습하므로 스텝이 훨씬 적게 듭니다. 발표된 방법 그대로 쓰려면 끄십시오.</translation>
    </message>
    <message>
        <source>fine</source>
        <translation>세밀</translation>
    </message>
    <message>
        <source>medium</source>
        <translation>보통</translation>
    </message>
    <message>
        <source>coarse</source>
        <translation>거침</translation>
    </message>
    <message>
        <source>3-way</source>
        <translation>3분류</translation>
    </message>
    <message>
        <source>binary</source>
        <translation>2분류</translation>
    </message>
    <message>
        <source>scar</source>
        <translation>가는 흠</translation>
    </message>
    <message>
        <source>patches</source>
        <translation>패치</translation>
    </message>
    <message>
        <source>image</source>
        <translation>이미지</translation>
    </message>
    <message>
        <source>Looks at</source>
        <translation>보는 단위</translation>
    </message>
    <message>
        <source>Patches: every small part is judged by itself, which finds small defects and shows where they are. Image: the whole at a glance, for defects of arrangement; its map is coarse.</source>
        <translation>패치: 작은 부분을 하나씩 따로 보아 작은 불량을 찾고 위치를 보여 줍니다. 이미지: 전체를 한눈에 보며 배열이 잘못된 불량에 알맞습니다. 맵은 거칩니다.</translation>
    </message>
    <message>
        <source>Made-up defects</source>
        <translation>가상 불량</translation>
    </message>
    <message>
        <source>Binary: pasted patches. Scar: pasted narrow strips. 3-way: both, told apart; the best in the paper.</source>
        <translation>2분류: 붙인 조각. 가는 흠: 붙인 가는 띠. 3분류: 둘 다 쓰고 서로 구별하며, 논문에서 가장 좋습니다.</translation>
    </message>
    <message>
        <source>Colour change of pasted pieces</source>
        <translation>붙인 조각의 색 변화</translation>
    </message>
    <message>
        <source>How much brightness, contrast and colour of a pasted piece may change. Raise it if the loss does not fall: then pieces cannot be told from their surroundings.</source>
        <translation>붙인 조각의 밝기, 대비, 색이 바뀔 수 있는 정도. 손실이 줄지 않으면 올리세요. 그때는 조각이 주변과 구별되지 않는 것입니다.</translation>
    </message>
    <message>
        <source>Patch size</source>
        <translation>패치 크기</translation>
    </message>
    <message>
        <source>Side of the patches, in pixels of the working size. A few times the smallest defect. Only when patches are looked at.</source>
        <translation>패치 한 변의 길이(작업 크기의 픽셀). 가장 작은 불량의 몇 배. 보는 단위가 패치일 때만 쓰입니다.</translation>
    </message>
    <message>
        <source>Detail of the map</source>
        <translation>맵의 세밀도</translation>
    </message>
    <message>
        <source>Patches lie an eighth, a quarter or half of their side apart. Each step up makes scoring four times as slow. Only when patches are looked at.</source>
        <translation>패치 간격은 한 변의 8분의 1, 4분의 1 또는 2분의 1입니다. 한 단계 세밀해질 때마다 점수 계산이 네 배 느려집니다. 보는 단위가 패치일 때만 쓰입니다.</translation>
    </message>
    <message>
        <source>Parts lie alike in every image</source>
        <translation>모든 이미지에서 제품 위치가 같음</translation>
    </message>
    <message>
        <source>Each place is compared with the same place of good images alone, which also finds what belongs elsewhere. Not for textures and parts that lie anyhow. Only when patches are looked at.</source>
        <translation>각 위치를 양품 이미지의 같은 위치하고만 비교하므로 다른 자리에 있어야 할 것도 찾습니다. 질감이나 제멋대로 놓인 제품에는 맞지 않습니다. 보는 단위가 패치일 때만 쓰입니다.</translation>
    </message>
    <message>
        <source>Batches learnt from, in portions of 50. More take longer and find finer defects.</source>
        <translation>학습하는 배치 수, 50개 단위. 많으면 더 오래 걸리고 더 미세한 불량을 찾습니다.</translation>
    </message>
    <message>
        <source>Steady density</source>
        <translation>밀도 안정화</translation>
    </message>
    <message>
        <source>Draws what good images have in common towards the simplest shape (Ledoit-Wolf), as few images ask for. Off: exactly what was seen.</source>
        <translation>양품 이미지의 공통된 분포를 가장 단순한 모양 쪽으로 당깁니다(Ledoit-Wolf). 이미지가 적을 때 필요합니다. 끄면 본 그대로 씁니다.</translation>
    </message>
    <message>
        <source>absolute</source>
        <translation>절댓값</translation>
    </message>
    <message>
        <source>squared</source>
        <translation>제곱</translation>
    </message>
    <message>
        <source>Batches that the networks learn from. More are needed for larger images and for wider networks.</source>
        <translation>네트워크가 학습하는 배치 수. 이미지가 크거나 네트워크가 넓을수록 더 많이 필요합니다.</translation>
    </message>
    <message>
        <source>Difference of the codes</source>
        <translation>코드의 차이</translation>
    </message>
    <message>
        <source>Absolute: the score is the sum of all differences, as the paper has it. Squared: the mean of their squares, as the authors&apos; program has it; a single large difference weighs more.</source>
        <translation>절댓값: 논문처럼 모든 차이의 합이 점수입니다. 제곱: 저자들의 프로그램처럼 차이 제곱의 평균이며, 하나의 큰 차이가 더 크게 작용합니다.</translation>
    </message>
    <message>
        <source>Weight of looking real</source>
        <translation>실물처럼 보이기 가중치</translation>
    </message>
    <message>
        <source>How much it counts in training that a rebuilt image looks to the discriminator like the real one.</source>
        <translation>학습에서 재구성 이미지가 판별기에 실제 이미지처럼 보이는 것을 중시하는 정도.</translation>
    </message>
    <message>
        <source>Weight of the pixels</source>
        <translation>픽셀 가중치</translation>
    </message>
    <message>
        <source>How much the difference of the pixels counts in training.</source>
        <translation>학습에서 픽셀 차이를 반영하는 정도.</translation>
    </message>
    <message>
        <source>Weight of the codes</source>
        <translation>코드 가중치</translation>
    </message>
    <message>
        <source>How much the difference of the two codes of a good image counts in training. Too much makes all codes, and with them all scores, alike.</source>
        <translation>학습에서 양품 이미지의 두 코드 차이를 반영하는 정도. 너무 크면 모든 코드가 비슷해지고 점수도 모두 비슷해집니다.</translation>
    </message>
    <message>
        <source>Trees in a row</source>
        <translation>이어지는 트리 수</translation>
    </message>
    <message>
        <source>Each tree corrects what those before it got wrong. Too many learn the training items by heart.</source>
        <translation>각 트리가 앞선 트리들이 틀린 것을 고칩니다. 너무 많으면 학습 항목을 외워 버립니다.</translation>
    </message>
    <message>
        <source>Part of each correction</source>
        <translation>수정 반영 비율</translation>
    </message>
    <message>
        <source>How much of its correction a tree may make. Smaller needs more trees and errs less on new items.</source>
        <translation>트리 하나가 자신의 수정을 반영할 수 있는 비율. 작으면 트리가 더 필요하고 새 항목에서 덜 틀립니다.</translation>
    </message>
    <message>
        <source>Leaves per tree</source>
        <translation>트리당 리프 수</translation>
    </message>
    <message>
        <source>More leaves let a tree ask more questions one after the other.</source>
        <translation>리프가 많으면 트리가 더 많은 질문을 차례로 할 수 있습니다.</translation>
    </message>
    <message>
        <source>Items per leaf</source>
        <translation>리프당 항목 수</translation>
    </message>
    <message>
        <source>No leaf speaks for fewer training items. With few defective items it is half their number at most.</source>
        <translation>어떤 리프도 이보다 적은 학습 항목을 대표하지 않습니다. 불량 항목이 적으면 많아야 그 수의 절반입니다.</translation>
    </message>
    <message>
        <source>Penalty on large leaves</source>
        <translation>큰 리프 값에 대한 벌점</translation>
    </message>
    <message>
        <source>Keeps leaves with few items from saying much.</source>
        <translation>항목이 적은 리프가 큰 값을 내지 못하게 합니다.</translation>
    </message>
    <message>
        <source>Neighbours</source>
        <translation>이웃 수</translation>
    </message>
    <message>
        <source>Nearest good items that each item is compared with. More are steadier, and see groups of defects up to that size as defects.</source>
        <translation>각 항목과 비교할 최근접 양품 항목의 수. 많으면 더 안정적이며, 그 크기까지의 불량 무리도 불량으로 봅니다.</translation>
    </message>
    <message>
        <source>Rows that count as one</source>
        <translation>하나로 세는 행</translation>
    </message>
    <message>
        <source>Where more rows than neighbours agree to within this, all near them would be suspicious; there, distances are measured to rows that differ. 0 turns this off.</source>
        <translation>이웃 수보다 많은 행이 이 범위 안에서 같으면 그 근처의 모든 행이 의심스러워집니다. 그런 곳에서는 서로 다른 행까지의 거리를 잽니다. 0이면 끕니다.</translation>
    </message>
    <message>
        <source>of the spread</source>
        <translation>산포 대비</translation>
    </message>
    <message>
        <source>auto</source>
        <translation>자동</translation>
    </message>
    <message>
        <source>always</source>
        <translation>항상</translation>
    </message>
    <message>
        <source>never</source>
        <translation>안 함</translation>
    </message>
    <message>
        <source>Freedom of the weights (C)</source>
        <translation>가중치의 자유 (C)</translation>
    </message>
    <message>
        <source>Small values keep the weights of the columns small, which is steadier with few defective items. Large ones fit closer.</source>
        <translation>작은 값은 열의 가중치를 작게 유지하여 불량 항목이 적을 때 더 안정적입니다. 큰 값은 더 밀착해 맞춥니다.</translation>
    </message>
    <message>
        <source>Weigh defective items up</source>
        <translation>불량 항목의 가중치 높이기</translation>
    </message>
    <message>
        <source>The few defective items then count as much as the many good ones while the weights are learnt. auto: if fewer than 20 % are defective.</source>
        <translation>가중치를 학습할 때 적은 불량 항목이 많은 양품 항목과 같은 비중을 갖습니다. 자동: 불량이 20 % 미만일 때.</translation>
    </message>
    <message>
        <source>residual</source>
        <translation>잔차</translation>
    </message>
    <message>
        <source>distance</source>
        <translation>거리</translation>
    </message>
    <message>
        <source>What counts</source>
        <translation>점수 기준</translation>
    </message>
    <message>
        <source>residual: what breaks the usual relations between the values. distance: what keeps them but is extreme. both: either, each measured by good items.</source>
        <translation>잔차: 값 사이의 통상 관계를 깨는 것. 거리: 관계는 지키지만 극단적인 것. 둘 다: 둘 중 어느 것이든, 각각 양품 항목을 기준으로 잽니다.</translation>
    </message>
    <message>
        <source>Variation explained</source>
        <translation>설명하는 변동</translation>
    </message>
    <message>
        <source>As many components are kept as explain this part of the variation among good items. All of it leaves no residual.</source>
        <translation>양품 항목 간 변동 중 이 비율을 설명하는 만큼 성분을 남깁니다. 전부 설명하면 잔차가 남지 않습니다.</translation>
    </message>
    <message>
        <source>Number of components</source>
        <translation>성분 수</translation>
    </message>
    <message>
        <source>A fixed number instead of a part of the variation. 0 goes by the variation.</source>
        <translation>변동의 비율 대신 정한 개수. 0이면 변동을 따릅니다.</translation>
    </message>
    <message>
        <source>Code length for tables</source>
        <translation>표의 코드 길이</translation>
    </message>
    <message>
        <source>Takes the place of the code length if the items are rows; never more than half the columns.</source>
        <translation>항목이 행이면 코드 길이 대신 쓰이며, 열 수의 절반을 넘지 않습니다.</translation>
    </message>
    <message>
        <source>Least steps for tables</source>
        <translation>표의 최소 단계 수</translation>
    </message>
    <message>
        <source>Tables only. The rows of a small table are shown more often in each epoch, until the network has made so many steps.</source>
        <translation>표 전용. 네트워크가 이만큼의 단계를 마칠 때까지 작은 표의 행을 에포크마다 더 자주 보여 줍니다.</translation>
    </message>
    <message>
        <source>Images learnt from at once, and eight times as many rows of a table. Smaller needs less memory.</source>
        <translation>한 번에 학습하는 이미지 수. 표는 그 여덟 배의 행을 학습합니다. 작으면 메모리를 덜 씁니다.</translation>
    </message>
    <message>
        <source>nearest</source>
        <translation>최근접</translation>
    </message>
    <message>
        <source>density</source>
        <translation>밀도</translation>
    </message>
    <message>
        <source>direction</source>
        <translation>방향</translation>
    </message>
    <message>
        <source>small</source>
        <translation>소형</translation>
    </message>
    <message>
        <source>ResNet-18</source>
        <translation>ResNet-18</translation>
    </message>
    <message>
        <source>Side of a patch as part of the working size; the nearest of 8, 16, 32 and 64 pixels is taken. Small defects need small patches, missing parts large ones.</source>
        <translation>작업 크기에 대한 패치 한 변의 비율이며 8, 16, 32, 64픽셀 중 가장 가까운 값을 씁니다. 작은 불량에는 작은 패치가, 빠진 부품에는 큰 패치가 필요합니다.</translation>
    </message>
    <message>
        <source>Gap between patches</source>
        <translation>패치 사이의 틈</translation>
    </message>
    <message>
        <source>Between neighbouring patches, as part of a patch. Without a gap the network follows lines across the border and learns nothing else.</source>
        <translation>이웃한 패치 사이의 틈이며 패치에 대한 비율입니다. 틈이 없으면 네트워크가 경계를 넘는 선만 따라가고 다른 것은 배우지 않습니다.</translation>
    </message>
    <message>
        <source>Jitter of patches</source>
        <translation>패치 흔들림</translation>
    </message>
    <message>
        <source>Each patch is moved at random by up to this part of the gap while training, for the same reason. Never when scoring.</source>
        <translation>같은 이유로 학습 중 각 패치를 틈의 이 비율까지 무작위로 옮깁니다. 점수 계산 때는 옮기지 않습니다.</translation>
    </message>
    <message>
        <source>How many batches of patches are learnt from.</source>
        <translation>학습하는 패치 배치의 수.</translation>
    </message>
    <message>
        <source>Weight of closeness</source>
        <translation>근접 가중치</translation>
    </message>
    <message>
        <source>How strongly a patch and the same patch moved by a pixel are pulled together, as in Patch SVDD. 0 for not at all; too much makes all patches look the same.</source>
        <translation>Patch SVDD처럼 패치와 한 픽셀 옮긴 같은 패치를 서로 당기는 세기. 0이면 당기지 않으며, 너무 크면 모든 패치가 같아 보입니다.</translation>
    </message>
    <message>
        <source>Patches are judged by</source>
        <translation>패치를 보는 기준</translation>
    </message>
    <message>
        <source>nearest: distance from the most similar good patch. density: distance from the middle of all good patches. direction: how badly the network can tell where the neighbours lie; only where parts lie the same way in every image.</source>
        <translation>최근접: 가장 비슷한 양품 패치와의 거리. 밀도: 모든 양품 패치의 중심과의 거리. 방향: 네트워크가 이웃의 위치를 알아맞히지 못하는 정도이며, 모든 이미지에서 제품이 똑같이 놓일 때만 쓰세요.</translation>
    </message>
    <message>
        <source>Good patches to compare with</source>
        <translation>비교할 양품 패치 수</translation>
    </message>
    <message>
        <source>Drawn at random from all good training images. More make scores steadier and scoring slower.</source>
        <translation>모든 양품 학습 이미지에서 무작위로 뽑습니다. 많으면 점수가 더 안정적이고 점수 계산이 느려집니다.</translation>
    </message>
    <message>
        <source>Labelled defects to learn from</source>
        <translation>학습할 라벨 있는 불량 수</translation>
    </message>
    <message>
        <source>At most so many of the defective training images are learnt from, drawn at random; 0 learns from good images only. Try 5, 10 and 25 to see what labelling more is worth.</source>
        <translation>불량 학습 이미지 중 최대 이만큼을 무작위로 뽑아 학습합니다. 0이면 양품 이미지로만 학습합니다. 5, 10, 25로 해 보면 라벨을 더 붙일 가치가 있는지 알 수 있습니다.</translation>
    </message>
    <message>
        <source>Steps with labelled defects</source>
        <translation>라벨 있는 불량의 학습 단계 수</translation>
    </message>
    <message>
        <source>Batches of good and defective images: one half for the last layer alone, the other for all layers with small steps.</source>
        <translation>양품과 불량 이미지의 배치 수. 절반은 마지막 층만, 나머지 절반은 작은 단계로 모든 층을 학습합니다.</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>네트워크</translation>
    </message>
    <message>
        <source>small is made for patches and quick. A ResNet-18 takes several times as long; a file with weights always asks for one.</source>
        <translation>소형은 패치용으로 만들어져 빠릅니다. ResNet-18은 몇 배 더 걸리며, 가중치 파일에는 항상 ResNet-18이 필요합니다.</translation>
    </message>
    <message>
        <source>Ignore colour fringes</source>
        <translation>색 번짐 무시</translation>
    </message>
    <message>
        <source>Lenses spread green and magenta apart towards the edges, which tells where a patch lies. Turn it off if just these colours show a defect.</source>
        <translation>렌즈는 가장자리로 갈수록 초록과 자홍을 갈라놓아 패치의 위치가 드러납니다. 바로 이 색이 불량을 나타내면 끄세요.</translation>
    </message>
    <message>
        <source>items</source>
        <translation>항목</translation>
    </message>
    <message>
        <source>columns</source>
        <translation>열</translation>
    </message>
    <message>
        <source>values</source>
        <translation>값</translation>
    </message>
    <message>
        <source>share</source>
        <translation>비율</translation>
    </message>
    <message>
        <source>fixed</source>
        <translation>고정</translation>
    </message>
    <message>
        <source>usual</source>
        <translation>보통</translation>
    </message>
    <message>
        <source>sigmoid</source>
        <translation>시그모이드</translation>
    </message>
    <message>
        <source>Rounds</source>
        <translation>라운드 수</translation>
    </message>
    <message>
        <source>The epochs are divided into so many rounds. After each, what the network cannot rebuild is set apart anew.</source>
        <translation>에포크를 이만큼의 라운드로 나눕니다. 라운드가 끝날 때마다 네트워크가 재구성하지 못하는 것을 새로 떼어 놓습니다.</translation>
    </message>
    <message>
        <source>Set apart</source>
        <translation>떼어 놓을 대상</translation>
    </message>
    <message>
        <source>items: whole defective items. columns: whole faulty sensors, or places of the image. values: single wrong values or pixels.</source>
        <translation>항목: 불량 항목 전체. 열: 고장 난 센서 전체 또는 이미지의 위치. 값: 잘못된 개별 값이나 픽셀.</translation>
    </message>
    <message>
        <source>Choose what is set apart by</source>
        <translation>떼어 놓는 기준</translation>
    </message>
    <message>
        <source>share: so many of them as are expected. fixed: everything that differs by more than a given amount.</source>
        <translation>비율: 예상되는 만큼. 고정: 정한 크기보다 더 차이 나는 것 모두.</translation>
    </message>
    <message>
        <source>Expected share</source>
        <translation>예상 비율</translation>
    </message>
    <message>
        <source>Part of the training items, columns or values that is probably wrong: so much is set apart. 0 makes a plain autoencoder.</source>
        <translation>학습 항목, 열 또는 값 가운데 잘못되었을 것으로 보이는 비율이며 그만큼 떼어 놓습니다. 0이면 일반 오토인코더입니다.</translation>
    </message>
    <message>
        <source>Fixed amount</source>
        <translation>고정 크기</translation>
    </message>
    <message>
        <source>How far a value, or the values of an item or column in the quadratic mean, must be from what the network rebuilds. Larger sets less apart.</source>
        <translation>값 하나 또는 항목이나 열의 값들(제곱평균제곱근)이 네트워크가 재구성한 것과 떨어져 있어야 하는 정도. 크면 덜 떼어 놓습니다.</translation>
    </message>
    <message>
        <source>spreads</source>
        <translation>× 산포</translation>
    </message>
    <message>
        <source>Network for tables</source>
        <translation>표용 네트워크</translation>
    </message>
    <message>
        <source>usual: that of the autoencoder. sigmoid: that of the paper, for columns of a limited range such as pixels; give it a long code.</source>
        <translation>보통: 오토인코더의 네트워크입니다. 시그모이드: 논문의 네트워크로, 픽셀처럼 범위가 제한된 열에 맞습니다. 코드를 길게 주십시오.</translation>
    </message>
    <message>
        <source>Stop early below</source>
        <translation>조기 종료 기준</translation>
    </message>
    <message>
        <source>The training ends when a round leaves no larger part of the items unexplained, and changes no larger part. 0 for never.</source>
        <translation>한 라운드에서 설명되지 않는 부분과 바뀌는 부분이 모두 이 비율을 넘지 않으면 학습이 끝납니다. 0이면 조기 종료하지 않습니다.</translation>
    </message>
    <message>
        <source>Price of a disturbance</source>
        <translation>교란의 대가</translation>
    </message>
    <message>
        <source>1 is what the theory asks for. Larger values call less of an item disturbed and let the regular part bend after it.</source>
        <translation>1이 이론에서 요구하는 값입니다. 크면 항목에서 교란으로 보는 부분이 줄고 규칙적인 부분이 항목을 따라 휩니다.</translation>
    </message>
    <message>
        <source>Tolerance</source>
        <translation>허용 오차</translation>
    </message>
    <message>
        <source>The steps end when the two parts add up to the items to within this.</source>
        <translation>두 부분의 합과 항목의 차이가 이 값 이내가 되면 단계가 끝납니다.</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>단계 수</translation>
    </message>
    <message>
        <source>At most so many steps. Usually fewer than a hundred are taken.</source>
        <translation>최대 이만큼의 단계. 보통 백 단계도 걸리지 않습니다.</translation>
    </message>
    <message>
        <source>probability</source>
        <translation>확률</translation>
    </message>
    <message>
        <source>bound</source>
        <translation>하한</translation>
    </message>
    <message>
        <source>learned</source>
        <translation>학습</translation>
    </message>
    <message>
        <source>The error of rebuilding; the reconstruction probability of An &amp; Cho; or the bound that the training raises. The last two count the whole image.</source>
        <translation>재구성 오차, An &amp; Cho의 재구성 확률, 또는 학습이 끌어올리는 하한. 뒤의 둘은 이미지 전체를 반영합니다.</translation>
    </message>
    <message>
        <source>Draws for the probability</source>
        <translation>확률 계산용 추출 수</translation>
    </message>
    <message>
        <source>How many codes are drawn for each item when the score is not the error. More are steadier.</source>
        <translation>점수가 오차가 아닐 때 항목마다 뽑는 코드 수. 많으면 더 안정적입니다.</translation>
    </message>
    <message>
        <source>Variance of the values</source>
        <translation>값의 분산</translation>
    </message>
    <message>
        <source>Learned: each value of each item has its own. Fixed: the one below for all of them.</source>
        <translation>학습: 항목의 값마다 분산이 따로 있습니다. 고정: 모두 아래의 한 분산을 씁니다.</translation>
    </message>
    <message>
        <source>Fixed variance</source>
        <translation>고정 분산</translation>
    </message>
    <message>
        <source>As a part of the variance of the training items. Smaller rebuilds more closely and keeps the codes less in order.</source>
        <translation>학습 항목의 분산에 대한 비율. 작으면 더 가깝게 재구성하지만 코드가 덜 정돈됩니다.</translation>
    </message>
    <message>
        <source>Weight of the prior</source>
        <translation>사전 분포 가중치</translation>
    </message>
    <message>
        <source>How much codes are drawn towards a normal distribution. 1 is the bound of the paper.</source>
        <translation>코드를 정규 분포 쪽으로 당기는 정도. 1이 논문의 하한입니다.</translation>
    </message>
    <message>
        <source>Warm-up of the prior</source>
        <translation>사전 분포 워밍업</translation>
    </message>
    <message>
        <source>Part of the training in which the prior gains its weight. Without it the codes may never be used.</source>
        <translation>학습 중 사전 분포의 가중치가 커지는 구간의 비율. 없으면 코드가 끝내 쓰이지 않을 수 있습니다.</translation>
    </message>
</context>
<context>
    <name>ParameterForm</name>
    <message>
        <source>on</source>
        <translation>켬</translation>
    </message>
    <message>
        <source>set to</source>
        <translation>값</translation>
    </message>
    <message>
        <source>from {low} to {high}</source>
        <translation>{low}에서 {high}까지</translation>
    </message>
    <message>
        <source>above {low}</source>
        <translation>{low} 초과</translation>
    </message>
    <message>
        <source>{low} or more</source>
        <translation>{low} 이상</translation>
    </message>
    <message>
        <source>below {high}</source>
        <translation>{high} 미만</translation>
    </message>
    <message>
        <source>{high} or less</source>
        <translation>{high} 이하</translation>
    </message>
    <message>
        <source>in steps of {step}</source>
        <translation>{step} 단위</translation>
    </message>
    <message>
        <source>Back to {value}</source>
        <translation>{value}(으)로 되돌리기</translation>
    </message>
    <message>
        <source>not set</source>
        <translation>설정 안 함</translation>
    </message>
    <message>
        <source>off</source>
        <translation>끔</translation>
    </message>
    <message>
        <source>Not allowed. Enter a value {range}.</source>
        <translation>허용되지 않습니다. {range}의 값을 입력하세요.</translation>
    </message>
    <message>
        <source>Not allowed: {detail}</source>
        <translation>허용되지 않음: {detail}</translation>
    </message>
    <message>
        <source>Advanced ({count})</source>
        <translation>고급 ({count})</translation>
    </message>
    <message>
        <source>Advanced ({count}, {changed} changed)</source>
        <translation>고급 ({count}개, {changed}개 변경)</translation>
    </message>
    <message>
        <source>Not allowed. Enter a whole number.</source>
        <translation>허용되지 않습니다. 정수를 입력하세요.</translation>
    </message>
    <message>
        <source>Not allowed. Enter a number.</source>
        <translation>허용되지 않습니다. 숫자를 입력하세요.</translation>
    </message>
    <message>
        <source>This is not understood. Use a form such as {example}.</source>
        <translation>이해할 수 없습니다. {example} 같은 형식으로 입력하세요.</translation>
    </message>
</context>
<context>
    <name>Phase</name>
    <message>
        <source>Making the sample</source>
        <translation>예제 만드는 중</translation>
    </message>
    <message>
        <source>Importing pictures</source>
        <translation>이미지 가져오는 중</translation>
    </message>
    <message>
        <source>Reading the table</source>
        <translation>표 읽는 중</translation>
    </message>
    <message>
        <source>Importing rows</source>
        <translation>행 가져오는 중</translation>
    </message>
    <message>
        <source>Evaluating</source>
        <translation>평가 중</translation>
    </message>
    <message>
        <source>Writing the report</source>
        <translation>보고서 쓰는 중</translation>
    </message>
    <message>
        <source>Writing the table of items</source>
        <translation>항목 표 쓰는 중</translation>
    </message>
    <message>
        <source>Reading items</source>
        <translation>항목 읽는 중</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>학습 중</translation>
    </message>
    <message>
        <source>Setting the threshold</source>
        <translation>임계값 설정 중</translation>
    </message>
    <message>
        <source>Scoring</source>
        <translation>점수 계산 중</translation>
    </message>
    <message>
        <source>Checking images</source>
        <translation>이미지 확인 중</translation>
    </message>
    <message>
        <source>Learning to make good images</source>
        <translation>양품 이미지 만드는 법 학습 중</translation>
    </message>
    <message>
        <source>Learning to find the most similar image</source>
        <translation>가장 비슷한 이미지 찾는 법 학습 중</translation>
    </message>
    <message>
        <source>Collecting good patches</source>
        <translation>양품 패치 모으는 중</translation>
    </message>
    <message>
        <source>Learning from labelled defects</source>
        <translation>라벨 있는 불량으로 학습 중</translation>
    </message>
</context>
<context>
    <name>Preferences</name>
    <message>
        <source>Preferences</source>
        <translation>환경 설정</translation>
    </message>
</context>
<context>
    <name>Problem</name>
    <message>
        <source>{path} does not exist. Check the spelling, or whether the drive is connected.</source>
        <translation>{path}이(가) 없습니다. 철자나 드라이브 연결을 확인하세요.</translation>
    </message>
    <message>
        <source>{path} cannot be read. Ask its owner for permission to read it.</source>
        <translation>{path}을(를) 읽을 수 없습니다. 소유자에게 읽기 권한을 요청하세요.</translation>
    </message>
    <message>
        <source>{path} is a link to a file that is gone. Restore the file or delete the link.</source>
        <translation>{path}은(는) 사라진 파일의 링크입니다. 파일을 복원하거나 링크를 지우세요.</translation>
    </message>
    <message>
        <source>The name of {path} holds bytes that are no text. Rename the file.</source>
        <translation>{path}의 이름에 문자가 아닌 바이트가 있습니다. 파일 이름을 바꾸세요.</translation>
    </message>
    <message>
        <source>{path} is empty (0 bytes). Copy it again from the camera or the server.</source>
        <translation>{path}이(가) 비어 있습니다(0바이트). 카메라나 서버에서 다시 복사하세요.</translation>
    </message>
    <message>
        <source>{path} is not an image, whatever its name says. Remove it, or save it as PNG.</source>
        <translation>{path}은(는) 이름과 달리 이미지가 아닙니다. 제거하거나 PNG로 저장하세요.</translation>
    </message>
    <message>
        <source>{path} is damaged or cut off. Copy it again from the camera or the server.</source>
        <translation>{path}이(가) 손상되었거나 잘렸습니다. 카메라나 서버에서 다시 복사하세요.</translation>
    </message>
    <message>
        <source>{path} claims to be {width} x {height} pixels, more than {limit} million. Cut it into smaller images.</source>
        <translation>{path}은(는) {width} x {height}픽셀로 {limit}백만을 넘습니다. 더 작은 이미지로 나누세요.</translation>
    </message>
    <message>
        <source>There is not enough memory to open {path}. Close other programs, or cut it into smaller images.</source>
        <translation>메모리가 부족해 {path}을(를) 열 수 없습니다. 다른 프로그램을 닫거나 더 작은 이미지로 나누세요.</translation>
    </message>
    <message>
        <source>{path} holds {frames} pictures, as animations and scans of several pages do; only the first one is used.</source>
        <translation>{path}에 이미지가 {frames}장 들어 있습니다(애니메이션 또는 여러 페이지 스캔). 첫 장만 사용합니다.</translation>
    </message>
    <message>
        <source>{path} was changed since it was imported. Its label was kept, its scores were removed: check the label and score again.</source>
        <translation>{path}이(가) 가져온 뒤 바뀌었습니다. 라벨은 두고 점수는 지웠습니다. 라벨을 확인하고 점수를 다시 계산하세요.</translation>
    </message>
    <message>
        <source>{path} uses a kind of image that cannot be read ({detail}). Save it as PNG or uncompressed TIFF.</source>
        <translation>{path}은(는) 읽을 수 없는 이미지 형식입니다({detail}). PNG나 압축하지 않은 TIFF로 저장하세요.</translation>
    </message>
    <message>
        <source>There is no image and no table in {path}. Choose a folder with images, or a CSV file.</source>
        <translation>{path}에 이미지도 표도 없습니다. 이미지가 있는 폴더나 CSV 파일을 선택하세요.</translation>
    </message>
    <message>
        <source>{path} holds no images but several tables ({tables}). Import the tables one by one.</source>
        <translation>{path}에 이미지는 없고 표가 여러 개 있습니다({tables}). 표를 하나씩 가져오세요.</translation>
    </message>
    <message>
        <source>{path} is a single image. Import the folder that holds it.</source>
        <translation>{path}은(는) 이미지 한 장입니다. 이 파일이 든 폴더를 가져오세요.</translation>
    </message>
    <message>
        <source>{path} holds no rows of data. Export the table again.</source>
        <translation>{path}에 데이터 행이 없습니다. 표를 다시 내보내세요.</translation>
    </message>
    <message>
        <source>{path} cannot be read as a table ({detail}). Save it as CSV with one header row.</source>
        <translation>{path}을(를) 표로 읽을 수 없습니다({detail}). 머리글 한 줄이 있는 CSV로 저장하세요.</translation>
    </message>
    <message>
        <source>The text encoding of {path} is not known. Save it as CSV UTF-8.</source>
        <translation>{path}의 문자 인코딩을 알 수 없습니다. CSV UTF-8로 저장하세요.</translation>
    </message>
    <message>
        <source>{path} has more than one column named {columns}; the later ones were renamed {renamed}.</source>
        <translation>{path}에 이름이 {columns}인 열이 여러 개 있어 뒤의 열을 {renamed}(으)로 바꾸었습니다.</translation>
    </message>
    <message>
        <source>Line {line} of {path} has {found} cells instead of {expected} and was left out. Check the separators in that line.</source>
        <translation>{path}의 {line}번째 줄은 셀이 {expected}개가 아니라 {found}개여서 제외했습니다. 그 줄의 구분자를 확인하세요.</translation>
    </message>
    <message>
        <source>{count} more lines of {path} have the wrong number of cells and were left out. Check the separators.</source>
        <translation>{path}의 다른 {count}줄도 셀 수가 맞지 않아 제외했습니다. 구분자를 확인하세요.</translation>
    </message>
    <message>
        <source>Column {column} says nearly the same as the label and is ignored. Make it a feature if it is known before the judgement.</source>
        <translation>열 {column}은(는) 라벨과 거의 같은 내용이어서 무시합니다. 판정 전에 알 수 있는 값이라면 특성으로 지정하세요.</translation>
    </message>
    <message>
        <source>{count} cells of column {column} are not numbers (first: {example}, line {line}) and count as missing.</source>
        <translation>열 {column}의 셀 {count}개가 숫자가 아니어서(처음: {example}, {line}번째 줄) 결측으로 봅니다.</translation>
    </message>
    <message>
        <source>{count} values of column {column} are missing or not finite; the median of the training rows stands in.</source>
        <translation>열 {column}의 값 {count}개가 없거나 유한하지 않아 학습 행의 중앙값으로 대신합니다.</translation>
    </message>
    <message>
        <source>{path} has no column to learn from. Give at least one numeric column the role feature.</source>
        <translation>{path}에 학습할 열이 없습니다. 숫자 열 하나 이상을 특성으로 지정하세요.</translation>
    </message>
    <message>
        <source>{path} has no column named {column}. Its columns are: {columns}.</source>
        <translation>{path}에 {column} 열이 없습니다. 열 목록: {columns}.</translation>
    </message>
    <message>
        <source>The tables have different columns: {columns}. Train on one of them, or make the columns equal.</source>
        <translation>표들의 열이 서로 다릅니다: {columns}. 하나로만 학습하거나 열을 같게 만드세요.</translation>
    </message>
    <message>
        <source>Label {value} in column {column} is not understood ({count} rows left without label). Use good and defective, or 0 and 1.</source>
        <translation>열 {column}의 라벨 {value}을(를) 이해할 수 없습니다({count}개 행은 라벨 없음). good과 defective, 또는 0과 1을 쓰세요.</translation>
    </message>
    <message>
        <source>{path} exists already. Open it, or choose another name.</source>
        <translation>{path}이(가) 이미 있습니다. 그것을 열거나 다른 이름을 정하세요.</translation>
    </message>
    <message>
        <source>There is no Flawscope project at {path}. Choose a folder whose name ends in .flawscope.</source>
        <translation>{path}에 Flawscope 프로젝트가 없습니다. 이름이 .flawscope로 끝나는 폴더를 선택하세요.</translation>
    </message>
    <message>
        <source>The database of {path} is damaged ({detail}). Restore the folder from a backup; backups made by the program lie beside it.</source>
        <translation>{path}의 데이터베이스가 손상되었습니다({detail}). 백업에서 폴더를 복원하세요. 프로그램이 만든 백업이 옆에 있습니다.</translation>
    </message>
    <message>
        <source>{path} was written by a newer Flawscope. Install the newer version to open it.</source>
        <translation>{path}은(는) 더 새로운 Flawscope에서 만들었습니다. 열려면 새 버전을 설치하세요.</translation>
    </message>
    <message>
        <source>{path} is open in another window ({holder}). Close it there, or open the project for reading only.</source>
        <translation>{path}이(가) 다른 창에서 열려 있습니다({holder}). 그 창을 닫거나 읽기 전용으로 여세요.</translation>
    </message>
    <message>
        <source>{path} is open for reading only. Copy it to a folder that you may write to, and open the copy.</source>
        <translation>{path}이(가) 읽기 전용으로 열려 있습니다. 쓸 수 있는 폴더에 복사해 그것을 여세요.</translation>
    </message>
    <message>
        <source>{path} lies on a network drive. It works, but slower and for one window at a time; a local drive is better.</source>
        <translation>{path}이(가) 네트워크 드라이브에 있습니다. 동작하지만 느리고 한 번에 한 창만 쓸 수 있습니다. 로컬 드라이브가 낫습니다.</translation>
    </message>
    <message>
        <source>The drive that holds {path} does not answer ({detail}). Check the cable or the network, and open the project again.</source>
        <translation>{path}이(가) 있는 드라이브가 응답하지 않습니다({detail}). 케이블이나 네트워크를 확인하고 프로젝트를 다시 여세요.</translation>
    </message>
    <message>
        <source>The project database was busy for too long. Try again in a moment.</source>
        <translation>프로젝트 데이터베이스가 너무 오래 사용 중입니다. 잠시 후 다시 시도하세요.</translation>
    </message>
    <message>
        <source>The disk that holds {path} is full. Free some space and try again; what was saved before is safe.</source>
        <translation>{path}이(가) 있는 디스크가 가득 찼습니다. 공간을 비우고 다시 시도하세요. 이전에 저장한 것은 안전합니다.</translation>
    </message>
    <message>
        <source>Nothing may be written to {path}. Choose another folder, or ask for permission to write.</source>
        <translation>{path}에 쓸 수 없습니다. 다른 폴더를 선택하거나 쓰기 권한을 요청하세요.</translation>
    </message>
    <message>
        <source>{path} is a file, not a folder. Choose a folder to write to.</source>
        <translation>{path}은(는) 폴더가 아니라 파일입니다. 저장할 폴더를 선택하세요.</translation>
    </message>
    <message>
        <source>The disk cannot hold a file named {path}. Choose a shorter name without special characters.</source>
        <translation>디스크에 {path}라는 이름의 파일을 둘 수 없습니다. 특수 문자가 없는 더 짧은 이름을 선택하세요.</translation>
    </message>
    <message>
        <source>There is no detector named {key}. Choose one of: {keys}.</source>
        <translation>{key}라는 검출기가 없습니다. 다음 중에서 선택하세요: {keys}.</translation>
    </message>
    <message>
        <source>Parameter {name}: {detail}. Choose another value.</source>
        <translation>매개변수 {name}: {detail}. 다른 값을 선택하세요.</translation>
    </message>
    <message>
        <source>{detector} needs at least {needed} good items in the training split, but there are {found}. Label more items good, or split again.</source>
        <translation>{detector}에는 학습 분할에 양품 항목이 {needed}개 이상 필요하지만 {found}개뿐입니다. 양품 라벨을 더 붙이거나 다시 나누세요.</translation>
    </message>
    <message>
        <source>{detector} needs at least {needed} defective items in the training split, but there are {found}. Label more items defective, divide all items anew, or move some to the training split by hand.</source>
        <translation>{detector}에는 학습 분할에 불량 항목이 {needed}개 이상 필요하지만 {found}개뿐입니다. 불량 라벨을 더 붙이거나, 모든 항목을 새로 분할하거나, 일부를 직접 학습 분할로 옮기십시오.</translation>
    </message>
    <message>
        <source>There are no good items to calibrate the threshold on, so the training items were used: expect more overkill than shown.</source>
        <translation>임계값을 보정할 양품 항목이 없어 학습 항목을 썼습니다. 표시보다 과검이 많을 수 있습니다.</translation>
    </message>
    <message>
        <source>These columns have the same value in every training row and tell nothing: {columns}.</source>
        <translation>다음 열은 모든 학습 행에서 값이 같아 정보가 없습니다: {columns}.</translation>
    </message>
    <message>
        <source>{asked} neighbours were asked for, but each training item has only {used} others beside it, so {used} are used. Label more items good.</source>
        <translation>이웃 {asked}개가 지정되었지만 학습 항목마다 다른 항목이 {used}개뿐이므로 {used}개를 사용합니다. 양품 라벨을 더 붙이십시오.</translation>
    </message>
    <message>
        <source>{detector} measures distances between training items, but all of them are equal. Label items good that differ, or choose another detector.</source>
        <translation>{detector}은(는) 학습 항목 사이의 거리를 재지만 모든 학습 항목이 같습니다. 서로 다른 항목에 양품 라벨을 붙이거나 다른 검출기를 선택하세요.</translation>
    </message>
    <message>
        <source>The split of the items into a regular part (rank {rank}) and disturbed values ({share} %) is not to be trusted: too few items or columns, or too much noise. Take suspicious items as hints, or use PCA.</source>
        <translation>항목을 규칙적인 부분(랭크 {rank})과 교란된 값({share} %)으로 가른 결과를 믿을 수 없습니다. 항목이나 열이 너무 적거나 잡음이 너무 많습니다. 의심스러운 항목은 참고로만 보거나 PCA를 쓰세요.</translation>
    </message>
    <message>
        <source>{detector} stopped after {steps} steps before it was exact. Allow more steps, or a larger tolerance.</source>
        <translation>{detector}이(가) 충분히 정확해지기 전에 {steps}단계에서 멈추었습니다. 단계 수를 늘리거나 허용 오차를 키우세요.</translation>
    </message>
    <message>
        <source>There is no {device} on this computer. Choose auto or cpu.</source>
        <translation>이 컴퓨터에는 {device}이(가) 없습니다. auto나 cpu를 선택하세요.</translation>
    </message>
    <message>
        <source>There is not enough memory for this ({needed} MB needed, {available} MB free). Choose smaller images or a smaller batch.</source>
        <translation>메모리가 부족합니다({needed} MB 필요, {available} MB 남음). 이미지나 배치를 더 작게 하세요.</translation>
    </message>
    <message>
        <source>How a patch lies to its neighbours cannot be told on this product (loss {loss}; guessing gives {guessing}), as on an even surface. Use CutPaste.</source>
        <translation>이 제품에서는 고른 표면에서처럼 패치가 이웃과 어떻게 놓이는지 알 수 없습니다(손실 {loss}, 추측할 때 {guessing}). CutPaste를 쓰세요.</translation>
    </message>
    <message>
        <source>Training went astray: the loss is no longer a number. Choose a smaller learning rate.</source>
        <translation>학습이 발산했습니다. 손실이 숫자가 아닙니다. 학습률을 낮추세요.</translation>
    </message>
    <message>
        <source>The generated images vary only {share} % as much as the training images, so that good images which differ from them look suspicious. Train for more steps, or with another seed.</source>
        <translation>생성 이미지의 변동이 학습 이미지의 {share} %뿐이어서 그와 다른 양품 이미지가 의심스럽게 보입니다. 단계 수를 늘리거나 다른 시드로 학습하세요.</translation>
    </message>
    <message>
        <source>The model in {path} was changed or damaged ({detail}) and is not used. Train again, or restore it from a backup.</source>
        <translation>{path}의 모델이 변경되었거나 손상되어({detail}) 사용하지 않습니다. 다시 학습하거나 백업에서 복원하세요.</translation>
    </message>
    <message>
        <source>The weights in {path} cannot be used ({detail}). Choose a .safetensors or .pth file of a ResNet-18 of the chosen size of the network, or leave the field empty.</source>
        <translation>{path}의 가중치를 사용할 수 없습니다({detail}). 선택한 네트워크 크기의 ResNet-18이 담긴 .safetensors 또는 .pth 파일을 고르거나 칸을 비워 두십시오.</translation>
    </message>
    <message>
        <source>This project has no run {run}.</source>
        <translation>이 프로젝트에 실행 {run}이(가) 없습니다.</translation>
    </message>
    <message>
        <source>Run {run} is {state}, so it has no model to use. Train again.</source>
        <translation>실행 {run}의 상태가 {state}이어서 쓸 모델이 없습니다. 다시 학습하세요.</translation>
    </message>
    <message>
        <source>There is nothing for run {run} to score. Import items of the kind it was trained on.</source>
        <translation>실행 {run}이(가) 점수를 계산할 항목이 없습니다. 학습한 것과 같은 종류의 항목을 가져오세요.</translation>
    </message>
    <message>
        <source>This project has no item named {name}. Name images by their path below the imported folder, rows by their name; * stands for any part of it.</source>
        <translation>이 프로젝트에 {name}(이)라는 항목이 없습니다. 이미지는 가져온 폴더 아래의 경로로, 행은 그 이름으로 입력하십시오. *는 임의 부분을 뜻합니다.</translation>
    </message>
    <message>
        <source>This project has no items that {detector} can learn from. Import {kind} first.</source>
        <translation>이 프로젝트에 {detector}이(가) 학습할 항목이 없습니다. 먼저 {kind}을(를) 가져오세요.</translation>
    </message>
    <message>
        <source>Items without a split were divided: {train} train, {calibration} calibration, {test} test (seed {seed}).</source>
        <translation>나뉘지 않은 항목을 나누었습니다: 학습 {train}, 보정 {calibration}, 평가 {test} (시드 {seed}).</translation>
    </message>
    <message>
        <source>{moved} defective items were moved from the calibration split to the training split, for {detector} learns from them: now {train} train, {calibration} calibrate, {test} test. The test split was not touched.</source>
        <translation>{detector}이(가) 불량에서도 학습하므로 불량 항목 {moved}개를 보정 분할에서 학습 분할로 옮겼습니다. 현재 학습 {train}개, 보정 {calibration}개, 평가 {test}개입니다. 평가 분할은 건드리지 않았습니다.</translation>
    </message>
    <message>
        <source>The {split} items are all {label}, so detection cannot be measured. Label some {missing} {split} items as well.</source>
        <translation>{split} 항목이 모두 {label}이어서 검출력을 잴 수 없습니다. {split} 항목 일부에 {missing} 라벨을 붙이세요.</translation>
    </message>
    <message>
        <source>There are no labelled and scored {split} items. Label items, split, and score run {run}.</source>
        <translation>라벨과 점수가 모두 있는 {split} 항목이 없습니다. 라벨을 붙이고, 나누고, 실행 {run}의 점수를 계산하세요.</translation>
    </message>
    <message>
        <source>There is no threshold rule named {rule}. Choose one of: {rules}.</source>
        <translation>{rule}라는 임계값 규칙이 없습니다. 다음 중에서 선택하세요: {rules}.</translation>
    </message>
    <message>
        <source>With {count} good calibration items the smallest overkill that can be promised is {least} %. Ask for more, or add good items.</source>
        <translation>양품 보정 항목 {count}개로 약속할 수 있는 최소 과검은 {least} %입니다. 값을 올리거나 양품 항목을 늘리세요.</translation>
    </message>
    <message>
        <source>There are no good calibration items with a score to set a threshold from ({rule}). Label items good, split and score.</source>
        <translation>임계값을 정할({rule}) 점수가 있는 양품 보정 항목이 없습니다. 양품 라벨을 붙이고, 나누고, 점수를 계산하세요.</translation>
    </message>
    <message>
        <source>The rule {rule} needs defective calibration items, and there are none. Label some and split again, or use good_only.</source>
        <translation>규칙 {rule}에는 불량 보정 항목이 필요하지만 없습니다. 라벨을 붙이고 다시 나누거나 good_only를 쓰세요.</translation>
    </message>
    <message>
        <source>T1 ({t1}) must not be above T2 ({t2}).</source>
        <translation>T1({t1})은 T2({t2})보다 클 수 없습니다.</translation>
    </message>
</context>
<context>
    <name>Report</name>
    <message>
        <source>Inspection report: {project}</source>
        <translation>검사 보고서: {project}</translation>
    </message>
    <message>
        <source>Run {run}, {detector}, written {date} by {person} with Flawscope {version}</source>
        <translation>실행 {run}, {detector}, 작성 {date}, {person}, Flawscope {version}</translation>
    </message>
    <message>
        <source>Result on the test parts</source>
        <translation>평가 제품에 대한 결과</translation>
    </message>
    <message>
        <source>Escape rate</source>
        <translation>미검률</translation>
    </message>
    <message>
        <source>defective parts judged OK, of all defective parts</source>
        <translation>전체 불량 제품 중 OK로 판정된 불량 제품</translation>
    </message>
    <message>
        <source>Overkill rate</source>
        <translation>과검률</translation>
    </message>
    <message>
        <source>good parts judged NG, of all good parts</source>
        <translation>전체 양품 제품 중 NG로 판정된 양품 제품</translation>
    </message>
    <message>
        <source>Review rate</source>
        <translation>보류율</translation>
    </message>
    <message>
        <source>parts that a person has to look at, of all labelled test parts</source>
        <translation>라벨이 있는 전체 평가 제품 중 사람이 봐야 하는 제품</translation>
    </message>
    <message>
        <source>{numerator} of {denominator} = {value} %</source>
        <translation>{denominator}개 중 {numerator}개 = {value} %</translation>
    </message>
    <message>
        <source>95 %: {low} to {high} %</source>
        <translation>95 %: {low}–{high} %</translation>
    </message>
    <message>
        <source>not known: no such test parts</source>
        <translation>알 수 없음: 해당 평가 제품 없음</translation>
    </message>
    <message>
        <source>OK below T1 = {t1}, REVIEW from T1, NG from T2 = {t2}. A larger score is more anomalous.</source>
        <translation>T1 = {t1} 미만은 OK, T1부터 보류, T2 = {t2}부터 NG. 점수가 클수록 이상합니다.</translation>
    </message>
    <message>
        <source>OK below T1 = T2 = {t2}, NG from there. A larger score is more anomalous.</source>
        <translation>T1 = T2 = {t2} 미만은 OK, 그 이상은 NG. 점수가 클수록 이상합니다.</translation>
    </message>
    <message>
        <source>More figures</source>
        <translation>추가 지표</translation>
    </message>
    <message>
        <source>AUROC: chance that a defective item scores higher than a good one</source>
        <translation>AUROC: 불량 항목의 점수가 양품보다 높을 확률</translation>
    </message>
    <message>
        <source>Average precision: share of truly defective among the highest scores, averaged</source>
        <translation>평균 정밀도: 높은 점수 가운데 실제 불량 비율의 평균</translation>
    </message>
    <message>
        <source>Pixel AUROC: the same for the places of the maps</source>
        <translation>픽셀 AUROC: 맵의 위치에 대한 같은 지표</translation>
    </message>
    <message>
        <source>Pixel average precision: the same for the places of the maps, tells more of tiny defects</source>
        <translation>픽셀 평균 정밀도: 맵의 위치에 대한 같은 지표, 아주 작은 불량을 더 잘 드러냄</translation>
    </message>
    <message>
        <source>AUPRO: overlap with the marked defects, up to 30 % of sound pixels flagged</source>
        <translation>AUPRO: 표시된 불량과의 겹침, 정상 픽셀의 30 %까지</translation>
    </message>
    <message>
        <source>Verdict against label</source>
        <translation>라벨 대비 판정</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>라벨</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>판정</translation>
    </message>
    <message>
        <source>good, passed: {count}</source>
        <translation>양품, 통과: {count}</translation>
    </message>
    <message>
        <source>good, to review: {count}</source>
        <translation>양품, 보류: {count}</translation>
    </message>
    <message>
        <source>overkill: {count}</source>
        <translation>과검: {count}</translation>
    </message>
    <message>
        <source>escape: {count}</source>
        <translation>미검: {count}</translation>
    </message>
    <message>
        <source>defective, to review: {count}</source>
        <translation>불량, 보류: {count}</translation>
    </message>
    <message>
        <source>defective, caught: {count}</source>
        <translation>불량, 검출: {count}</translation>
    </message>
    <message>
        <source>In no rate: {unsure} unsure, {unlabelled} unlabelled and {unscored} unscored test parts. A part without a score is never OK.</source>
        <translation>비율에서 제외: 미확정 {unsure}, 라벨 없음 {unlabelled}, 점수 없음 {unscored}. 점수 없는 제품은 OK가 아닙니다.</translation>
    </message>
    <message>
        <source>Scores of the test parts</source>
        <translation>평가 제품의 점수</translation>
    </message>
    <message>
        <source>Good parts upwards, defective parts hatched downwards; the numbers on the left are the parts in the highest bar.</source>
        <translation>위쪽은 양품, 아래쪽 빗금은 불량. 왼쪽 숫자는 가장 높은 막대의 제품 수입니다.</translation>
    </message>
    <message>
        <source>anomaly score</source>
        <translation>이상치 점수</translation>
    </message>
    <message>
        <source>No labelled test part has a score.</source>
        <translation>라벨이 있는 평가 제품 중 점수가 있는 것이 없습니다.</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>항목</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>분할</translation>
    </message>
    <message>
        <source>total</source>
        <translation>합계</translation>
    </message>
    <message>
        <source>Left out of the project or noted on import</source>
        <translation>가져올 때 제외하거나 기록한 것</translation>
    </message>
    <message>
        <source>and {count} more</source>
        <translation>외 {count}건</translation>
    </message>
    <message>
        <source>Nothing was left out on import.</source>
        <translation>가져올 때 제외한 것이 없습니다.</translation>
    </message>
    <message>
        <source>Defect types of the test parts</source>
        <translation>평가 제품의 불량 유형</translation>
    </message>
    <message>
        <source>Defect type</source>
        <translation>불량 유형</translation>
    </message>
    <message>
        <source>(no type)</source>
        <translation>(유형 없음)</translation>
    </message>
    <message>
        <source>No defective test part has a score.</source>
        <translation>점수가 있는 불량 평가 제품이 없습니다.</translation>
    </message>
    <message>
        <source>Every escape</source>
        <translation>모든 미검</translation>
    </message>
    <message>
        <source>No defective test part was judged OK.</source>
        <translation>OK로 판정된 불량 평가 제품이 없습니다.</translation>
    </message>
    <message>
        <source>Worst overkills</source>
        <translation>가장 심한 과검</translation>
    </message>
    <message>
        <source>The {shown} with the largest scores of {count}.</source>
        <translation>{count}개 중 점수가 가장 큰 {shown}개.</translation>
    </message>
    <message>
        <source>No good test part was judged NG.</source>
        <translation>NG로 판정된 양품 평가 제품이 없습니다.</translation>
    </message>
    <message>
        <source>Review band</source>
        <translation>보류 구간</translation>
    </message>
    <message>
        <source>No labelled test part lies between T1 and T2.</source>
        <translation>T1과 T2 사이에 라벨이 있는 평가 제품이 없습니다.</translation>
    </message>
    <message>
        <source>item {id}</source>
        <translation>항목 {id}</translation>
    </message>
    <message>
        <source>score {score}</source>
        <translation>점수 {score}</translation>
    </message>
    <message>
        <source>{factor} x T2</source>
        <translation>T2의 {factor}배</translation>
    </message>
    <message>
        <source>above {percent} % of good calibration parts</source>
        <translation>양품 보정 제품의 {percent} %보다 높음</translation>
    </message>
    <message>
        <source>lot {lot}</source>
        <translation>로트 {lot}</translation>
    </message>
    <message>
        <source>serial number {serial}</source>
        <translation>일련번호 {serial}</translation>
    </message>
    <message>
        <source>part</source>
        <translation>제품</translation>
    </message>
    <message>
        <source>heatmap</source>
        <translation>히트맵</translation>
    </message>
    <message>
        <source>picture left out to keep the page small</source>
        <translation>페이지를 작게 유지하려고 그림 생략</translation>
    </message>
    <message>
        <source>Heatmap: one scale for the whole run. Half of the scale is {scale}, which 0.1 % of the places of good calibration parts exceed.</source>
        <translation>히트맵: 실행 전체에 하나의 척도. 척도의 절반은 {scale}이며 양품 보정 제품 위치의 0.1 %가 이를 넘습니다.</translation>
    </message>
    <message>
        <source>column</source>
        <translation>열</translation>
    </message>
    <message>
        <source>value</source>
        <translation>값</translation>
    </message>
    <message>
        <source>usual range</source>
        <translation>통상 범위</translation>
    </message>
    <message>
        <source>share of score</source>
        <translation>점수 비중</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>결측</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>설정</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>시드</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>장치</translation>
    </message>
    <message>
        <source>Trained</source>
        <translation>학습</translation>
    </message>
    <message>
        <source>{started} to {finished}</source>
        <translation>{started} – {finished}</translation>
    </message>
    <message>
        <source>Items of the run (SHA-256 of the list)</source>
        <translation>실행의 항목 (목록의 SHA-256)</translation>
    </message>
    <message>
        <source>Model (SHA-256)</source>
        <translation>모델 (SHA-256)</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>버전</translation>
    </message>
    <message>
        <source>What this report does not show</source>
        <translation>이 보고서가 보여 주지 않는 것</translation>
    </message>
    <message>
        <source>The intervals take parts as independent of each other. Parts of one lot or one shift are often more alike than that.</source>
        <translation>구간은 제품이 서로 독립이라고 봅니다. 같은 로트나 근무조의 제품은 그보다 비슷한 경우가 많습니다.</translation>
    </message>
    <message>
        <source>There is no good test part with a score, so nothing is known about overkill.</source>
        <translation>점수가 있는 양품 평가 제품이 없어 과검은 알 수 없습니다.</translation>
    </message>
    <message>
        <source>There is no defective test part with a score, so nothing is known about escapes.</source>
        <translation>점수가 있는 불량 평가 제품이 없어 미검은 알 수 없습니다.</translation>
    </message>
    <message>
        <source>Escapes were {escapes} of {count} defective test parts: a true escape rate of up to {upper} % cannot be ruled out (95 %).</source>
        <translation>불량 평가 제품 {count}개 중 미검 {escapes}개: 실제 미검률이 {upper} %까지일 가능성을 배제할 수 없습니다(95 %).</translation>
    </message>
    <message>
        <source>Further defective parts needed to show an escape rate of at most 1 %, none of them escaping: {more}.</source>
        <translation>미검률 1 % 이하를 보이려면 미검 없이 더 필요한 불량 제품: {more}개.</translation>
    </message>
    <message>
        <source>No defect of type {type} is among the test parts.</source>
        <translation>평가 제품에 {type} 유형의 불량이 없습니다.</translation>
    </message>
    <message>
        <source>All test parts come from one lot ({lot}).</source>
        <translation>모든 평가 제품이 한 로트({lot})에서 나왔습니다.</translation>
    </message>
    <message>
        <source>The lots of the test parts are not known, so nothing is shown about other lots.</source>
        <translation>평가 제품의 로트를 알 수 없어 다른 로트에 대해서는 알 수 없습니다.</translation>
    </message>
    <message>
        <source>No production defect rate was stated, so nothing is said about parts per million or costs.</source>
        <translation>양산 불량률이 주어지지 않아 ppm이나 비용은 말할 수 없습니다.</translation>
    </message>
    <message>
        <source>The threshold was set on parts that the detector has learnt from: expect more overkill in production.</source>
        <translation>검출기가 학습한 제품으로 임계값을 정했습니다. 양산에서는 과검이 더 많을 수 있습니다.</translation>
    </message>
    <message>
        <source>Test labels changed after the run was trained: {count}.</source>
        <translation>학습 후 바뀐 평가 라벨: {count}건.</translation>
    </message>
    <message>
        <source>Defects are marked on {marked} of {count} defective test pictures; the figures of places rest on those.</source>
        <translation>불량 평가 이미지 {count}개 중 {marked}개에 불량이 표시되어 있으며 위치 지표는 이것에 근거합니다.</translation>
    </message>
    <message>
        <source>How often the test parts were looked at before this report is not counted. Choosing by test results makes them too good.</source>
        <translation>이 보고서 전에 평가 제품을 몇 번 보았는지는 세지 않습니다. 평가 결과로 고르면 결과가 실제보다 좋아 보입니다.</translation>
    </message>
</context>
<context>
    <name>ReportPage</name>
    <message>
        <source>Report</source>
        <translation>보고서</translation>
    </message>
    <message>
        <source>Hand over a run</source>
        <translation>실행 결과 내보내기</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>실행</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>언어</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>폴더</translation>
    </message>
    <message>
        <source>Choose...</source>
        <translation>선택...</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>one row per item</source>
        <translation>항목마다 한 행</translation>
    </message>
    <message>
        <source>%n row(s), one per item</source>
        <translation>%n행, 항목마다 한 행</translation>
    </message>
    <message>
        <source>What will be written:</source>
        <translation>쓸 파일:</translation>
    </message>
    <message>
        <source>• report.html: one page for customers and auditors, pictures inside</source>
        <translation>• report.html: 고객과 심사자를 위한 한 페이지, 그림 포함</translation>
    </message>
    <message>
        <source>• items.csv: {rows}, for Excel</source>
        <translation>• items.csv: {rows}, Excel용</translation>
    </message>
    <message>
        <source>• summary.csv: every figure with its exact interval</source>
        <translation>• summary.csv: 모든 지표와 정확한 구간</translation>
    </message>
    <message>
        <source>• run.json: settings, versions and hashes, to prove it later</source>
        <translation>• run.json: 설정, 버전, 해시(나중의 증명용)</translation>
    </message>
    <message>
        <source>Nothing to report yet</source>
        <translation>아직 보고할 것이 없습니다</translation>
    </message>
    <message>
        <source>Train a detector and review its run first. The report then shows escapes and overkill with their limits.</source>
        <translation>먼저 검출기를 학습하고 실행을 검토하세요. 그러면 보고서에 미검과 과검이 한계와 함께 나옵니다.</translation>
    </message>
    <message>
        <source>Folder for the report</source>
        <translation>보고서를 둘 폴더</translation>
    </message>
    <message>
        <source>An export is going on.</source>
        <translation>내보내는 중입니다.</translation>
    </message>
    <message>
        <source>There is no finished run to report.</source>
        <translation>보고할 완료된 실행이 없습니다.</translation>
    </message>
    <message>
        <source>Choose a folder first.</source>
        <translation>먼저 폴더를 선택하세요.</translation>
    </message>
    <message>
        <source>Reading the figures...</source>
        <translation>지표 읽는 중...</translation>
    </message>
    <message>
        <source>Export run {run}</source>
        <translation>실행 {run} 내보내기</translation>
    </message>
    <message>
        <source>Written to {folder}</source>
        <translation>{folder}에 저장됨</translation>
    </message>
    <message>
        <source>Preview of the report</source>
        <translation>보고서 미리 보기</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>열기</translation>
    </message>
    <message>
        <source>Open {name}</source>
        <translation>{name} 열기</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>폴더에서 보기</translation>
    </message>
</context>
<context>
    <name>ReviewPage</name>
    <message>
        <source>no score</source>
        <translation>점수 없음</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>검토</translation>
    </message>
    <message>
        <source>No item is shown.</source>
        <translation>표시된 항목이 없습니다.</translation>
    </message>
    <message>
        <source>No picture is shown.</source>
        <translation>표시된 이미지가 없습니다.</translation>
    </message>
    <message>
        <source>Open a project first.</source>
        <translation>먼저 프로젝트를 여세요.</translation>
    </message>
    <message>
        <source>Import images or a table on the Data page, then train a detector on them.</source>
        <translation>데이터 화면에서 이미지나 표를 가져온 뒤 검출기를 학습하세요.</translation>
    </message>
    <message>
        <source>Train a detector first. Its run then appears here with scores, heatmaps and a threshold.</source>
        <translation>먼저 검출기를 학습하세요. 그러면 점수, 히트맵, 임계값과 함께 실행이 여기에 나타납니다.</translation>
    </message>
    <message>
        <source>Nothing to review yet</source>
        <translation>아직 검토할 것이 없습니다</translation>
    </message>
    <message>
        <source>Most similar good item</source>
        <translation>최근접 양품</translation>
    </message>
    <message>
        <source>No item matches this choice.</source>
        <translation>이 선택에 맞는 항목이 없습니다.</translation>
    </message>
    <message>
        <source>This run has no threshold yet.</source>
        <translation>이 실행에는 아직 임계값이 없습니다.</translation>
    </message>
    <message>
        <source>Chosen with test items on the screen: the test figures then look better than they are.</source>
        <translation>평가 항목을 보면서 정했습니다. 평가 지표가 실제보다 좋아 보입니다.</translation>
    </message>
    <message>
        <source>There are no good calibration items with a score.</source>
        <translation>점수가 있는 양품 보정 항목이 없습니다.</translation>
    </message>
    <message>
        <source>The project is open for reading only.</source>
        <translation>프로젝트가 읽기 전용으로 열려 있습니다.</translation>
    </message>
    <message>
        <source>There are no defective calibration items. Put some defective items into calibration.</source>
        <translation>불량 보정 항목이 없습니다. 불량 항목 일부를 보정으로 옮기세요.</translation>
    </message>
    <message>
        <source>split: {split}</source>
        <translation>분할: {split}</translation>
    </message>
    <message>
        <source>type: {type}</source>
        <translation>유형: {type}</translation>
    </message>
    <message>
        <source>Reading the item...</source>
        <translation>항목 읽는 중...</translation>
    </message>
    <message>
        <source>above {percent} % of good calibration items</source>
        <translation>양품 보정 항목의 {percent} %보다 높음</translation>
    </message>
    <message>
        <source>probability of being defective {percent} %</source>
        <translation>불량일 확률 {percent} %</translation>
    </message>
    <message>
        <source>no score in this run</source>
        <translation>이 실행에 점수 없음</translation>
    </message>
    <message>
        <source>score {score}</source>
        <translation>점수 {score}</translation>
    </message>
    <message>
        <source>score {score} = {ratio} × {threshold}</source>
        <translation>점수 {score} = {threshold}의 {ratio}배</translation>
    </message>
    <message>
        <source>Expected is what the detector made of the row. Shares add up to 100 %.</source>
        <translation>기대값은 검출기가 이 행을 재구성한 값입니다. 비중의 합은 100 %입니다.</translation>
    </message>
    <message>
        <source>Expected is the most similar good training row. Shares add up to 100 %.</source>
        <translation>기대값은 최근접 양품 학습 행의 값입니다. 비중의 합은 100 %입니다.</translation>
    </message>
    <message>
        <source>Expected is the median of the good training rows. Shares add up to 100 %.</source>
        <translation>기대값은 양품 학습 행의 중앙값입니다. 비중의 합은 100 %입니다.</translation>
    </message>
    <message>
        <source>This run has no scale for its heatmaps. Train again.</source>
        <translation>이 실행에는 히트맵 척도가 없습니다. 다시 학습하세요.</translation>
    </message>
    <message>
        <source>This run has not scored the item. Choose Run &gt; Score all items.</source>
        <translation>이 실행은 이 항목의 점수를 계산하지 않았습니다. 실행 &gt; 모든 항목 점수 계산을 선택하세요.</translation>
    </message>
    <message>
        <source>The detector of this run gives no heatmap.</source>
        <translation>이 실행의 검출기는 히트맵을 주지 않습니다.</translation>
    </message>
    <message>
        <source>The detector of this run gives no reconstruction, so there is nothing to compare.</source>
        <translation>이 실행의 검출기는 재구성 이미지를 주지 않아 비교할 것이 없습니다.</translation>
    </message>
    <message>
        <source>The detector of this run does not say what each column contributes.</source>
        <translation>이 실행의 검출기는 열별 기여도를 알려 주지 않습니다.</translation>
    </message>
    <message>
        <source>Label the shown item (key {key})</source>
        <translation>표시된 항목에 라벨 붙이기 ({key} 키)</translation>
    </message>
    <message>
        <source>Items by score</source>
        <translation>점수순 항목</translation>
    </message>
    <message>
        <source>{listed} of {total}</source>
        <translation>{total}개 중 {listed}개</translation>
    </message>
    <message>
        <source>Lowest score first</source>
        <translation>낮은 점수부터</translation>
    </message>
    <message>
        <source>Highest score first</source>
        <translation>높은 점수부터</translation>
    </message>
    <message>
        <source>All items</source>
        <translation>모든 항목</translation>
    </message>
    <message>
        <source>Escapes: defective, judged OK</source>
        <translation>미검: 불량인데 OK 판정</translation>
    </message>
    <message>
        <source>Overkill: good, judged NG</source>
        <translation>과검: 양품인데 NG 판정</translation>
    </message>
    <message>
        <source>In review</source>
        <translation>보류</translation>
    </message>
    <message>
        <source>Good, judged OK</source>
        <translation>양품, OK 판정</translation>
    </message>
    <message>
        <source>Good, in review</source>
        <translation>양품, 보류</translation>
    </message>
    <message>
        <source>Defective, in review</source>
        <translation>불량, 보류</translation>
    </message>
    <message>
        <source>Defective, judged NG</source>
        <translation>불량, NG 판정</translation>
    </message>
    <message>
        <source>Without a label</source>
        <translation>라벨 없음</translation>
    </message>
    <message>
        <source>Unsure</source>
        <translation>미확정</translation>
    </message>
    <message>
        <source>Which items to list</source>
        <translation>목록에 보일 항목</translation>
    </message>
    <message>
        <source>Show on Data page</source>
        <translation>데이터 화면에서 보기</translation>
    </message>
    <message>
        <source>Show the listed items as a gallery, to label many of them at once</source>
        <translation>목록의 항목을 갤러리로 보고 한꺼번에 라벨 붙이기</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>실행(&amp;R)</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>실행</translation>
    </message>
    <message>
        <source>on</source>
        <translation>대상</translation>
    </message>
    <message>
        <source>all items</source>
        <translation>모든 항목</translation>
    </message>
    <message>
        <source>There are no items of this kind in this split.</source>
        <translation>이 분할에 이런 종류의 항목이 없습니다.</translation>
    </message>
    <message>
        <source>Most similar good items:</source>
        <translation>최근접 양품:</translation>
    </message>
    <message>
        <source>Show this item on the Data page</source>
        <translation>데이터 화면에서 이 항목 보기</translation>
    </message>
</context>
<context>
    <name>RunFacts</name>
    <message>
        <source>Parameters</source>
        <translation>매개변수</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>항목</translation>
    </message>
    <message>
        <source>learnt from</source>
        <translation>학습 대상</translation>
    </message>
    <message>
        <source>{split}, {label}</source>
        <translation>{split}, {label}</translation>
    </message>
    <message>
        <source>effort</source>
        <translation>시간 투입</translation>
    </message>
    <message>
        <source>seed</source>
        <translation>시드</translation>
    </message>
    <message>
        <source>device</source>
        <translation>장치</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>대기열 등록</translation>
    </message>
    <message>
        <source>started</source>
        <translation>시작</translation>
    </message>
    <message>
        <source>ended</source>
        <translation>종료</translation>
    </message>
    <message>
        <source>duration</source>
        <translation>걸린 시간</translation>
    </message>
    <message>
        <source>model, SHA-256</source>
        <translation>모델, SHA-256</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>실행</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>버전</translation>
    </message>
    <message>
        <source>What is on record about the run</source>
        <translation>실행에 관한 기록</translation>
    </message>
</context>
<context>
    <name>RunFindings</name>
    <message>
        <source>Suspicious training items: {count} of {total}</source>
        <translation>의심스러운 학습 항목: {total}개 중 {count}개</translation>
    </message>
    <message>
        <source>Suspicion</source>
        <translation>의심도</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>항목</translation>
    </message>
    <message>
        <source>Column</source>
        <translation>열</translation>
    </message>
    <message>
        <source>Suspicious training items</source>
        <translation>의심스러운 학습 항목</translation>
    </message>
    <message>
        <source>Suspicious columns</source>
        <translation>의심스러운 열</translation>
    </message>
    <message>
        <source>Show on the Data page</source>
        <translation>데이터 화면에서 보기</translation>
    </message>
    <message>
        <source>Codes of the training items</source>
        <translation>학습 항목의 코드</translation>
    </message>
    <message>
        <source>They do not fit the other training items. Look at them, label those that are defective, and train again.</source>
        <translation>다른 학습 항목과 맞지 않습니다. 살펴보고 불량인 것에 라벨을 붙인 뒤 다시 학습하세요.</translation>
    </message>
    <message>
        <source>%n suspicious column(s)</source>
        <translation>의심스러운 열 %n개</translation>
    </message>
    <message>
        <source>No suspicious column</source>
        <translation>의심스러운 열 없음</translation>
    </message>
    <message>
        <source>%n suspicious training item(s)</source>
        <translation>의심스러운 학습 항목 %n개</translation>
    </message>
    <message numerus="yes">
        <source>%n training item(s)</source>
        <translation>
            <numerusform>학습 항목 %n개</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RunList</name>
    <message>
        <source>seed {seed}</source>
        <translation>시드 {seed}</translation>
    </message>
    <message>
        <source>No runs yet. Each training will be listed here with its result.</source>
        <translation>아직 실행이 없습니다. 학습할 때마다 결과와 함께 여기에 나타납니다.</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>실행</translation>
    </message>
</context>
<context>
    <name>RunView</name>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>다시 시작</translation>
    </message>
    <message>
        <source>Review the result</source>
        <translation>결과 검토</translation>
    </message>
    <message>
        <source>Progress of the run</source>
        <translation>실행 진행</translation>
    </message>
    <message>
        <source>Log of the run</source>
        <translation>실행 로그</translation>
    </message>
    <message>
        <source>Details and log of the run</source>
        <translation>실행의 세부 사항과 로그</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>세부 사항</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>로그</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>발견 사항</translation>
    </message>
    <message>
        <source>A curve appears if the detector learns step by step.</source>
        <translation>검출기가 단계적으로 학습하면 곡선이 나타납니다.</translation>
    </message>
    <message>
        <source>This run drew no curve: its detector does not learn step by step, or it ended too early.</source>
        <translation>이 실행에는 곡선이 없습니다. 검출기가 단계적으로 학습하지 않거나 너무 일찍 끝났습니다.</translation>
    </message>
    <message>
        <source>seed {seed}</source>
        <translation>시드 {seed}</translation>
    </message>
    <message>
        <source>An error in the program ended this run. The log below says more.</source>
        <translation>프로그램 오류로 실행이 끝났습니다. 아래 로그를 보세요.</translation>
    </message>
    <message>
        <source>The program ended while this run was going. Start again to train with the same settings.</source>
        <translation>이 실행 중에 프로그램이 끝났습니다. 다시 시작하면 같은 설정으로 학습합니다.</translation>
    </message>
    <message>
        <source>Stopping...</source>
        <translation>멈추는 중...</translation>
    </message>
    <message>
        <source>Waiting for the run before it to end.</source>
        <translation>앞의 실행이 끝나기를 기다리는 중.</translation>
    </message>
    <message>
        <source>epoch {step} of {epochs}</source>
        <translation>에포크 {step} / {epochs}</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} / {total}</translation>
    </message>
    <message>
        <source>{rate} images/s</source>
        <translation>초당 이미지 {rate}개</translation>
    </message>
    <message>
        <source>{rate} rows/s</source>
        <translation>초당 {rate}행</translation>
    </message>
    <message>
        <source>about {time} left</source>
        <translation>약 {time} 남음</translation>
    </message>
    <message>
        <source>device chosen at the start</source>
        <translation>시작할 때 정한 장치</translation>
    </message>
</context>
<context>
    <name>SampleStrip</name>
    <message>
        <source>part</source>
        <translation>제품</translation>
    </message>
    <message>
        <source>reconstruction</source>
        <translation>재구성 이미지</translation>
    </message>
    <message>
        <source>difference</source>
        <translation>차이 이미지</translation>
    </message>
    <message>
        <source>Sample parts during training</source>
        <translation>학습 중 예시 제품</translation>
    </message>
    <message>
        <source>The same parts all the time, from the train and calibration splits. The reconstruction should come to look like the part, and the difference should turn dark.</source>
        <translation>학습과 보정 분할의 같은 제품을 계속 보여 줍니다. 재구성 이미지는 제품과 비슷해지고 차이 이미지는 어두워져야 합니다.</translation>
    </message>
</context>
<context>
    <name>ScoreHistogram</name>
    <message>
        <source>good</source>
        <translation>양품</translation>
    </message>
    <message>
        <source>defective</source>
        <translation>불량</translation>
    </message>
    <message>
        <source>no label</source>
        <translation>라벨 없음</translation>
    </message>
    <message>
        <source>No item of this choice has a score.</source>
        <translation>이 선택에 점수가 있는 항목이 없습니다.</translation>
    </message>
    <message>
        <source>escapes</source>
        <translation>미검</translation>
    </message>
    <message>
        <source>overkill</source>
        <translation>과검</translation>
    </message>
    <message>
        <source>◂ {count} lower</source>
        <translation>◂ 더 낮은 {count}개</translation>
    </message>
    <message>
        <source>more anomalous →</source>
        <translation>더 이상함 →</translation>
    </message>
    <message>
        <source>{count} higher ▸</source>
        <translation>더 높은 {count}개 ▸</translation>
    </message>
    <message>
        <source>anomaly score, logarithmic</source>
        <translation>이상치 점수, 로그</translation>
    </message>
    <message>
        <source>anomaly score</source>
        <translation>이상치 점수</translation>
    </message>
    <message>
        <source>Scores of good and defective items</source>
        <translation>양품과 불량 항목의 점수</translation>
    </message>
    <message>
        <source>log</source>
        <translation>로그</translation>
    </message>
    <message>
        <source>Logarithmic axis, for scores of very different size (all above 0)</source>
        <translation>로그 축, 크기가 매우 다른 점수용 (모두 0보다 큼)</translation>
    </message>
    <message>
        <source>Score {low} to {high}: {good} good, {defective} defective, {other} without label</source>
        <translation>점수 {low}–{high}: 양품 {good}, 불량 {defective}, 라벨 없음 {other}</translation>
    </message>
    <message>
        <source>Threshold {name}</source>
        <translation>임계값 {name}</translation>
    </message>
    <message>
        <source>Drag, or move by one part with Left and Right, by ten with Shift. Esc takes it back.</source>
        <translation>끌거나 왼쪽·오른쪽 키로 한 개씩, Shift와 함께 열 개씩 움직입니다. Esc는 되돌립니다.</translation>
    </message>
</context>
<context>
    <name>Session</name>
    <message>
        <source>%n item(s): {label}</source>
        <translation>항목 %n개: {label}</translation>
    </message>
</context>
<context>
    <name>SplitDialog</name>
    <message>
        <source>Split the items</source>
        <translation>항목 나누기</translation>
    </message>
    <message>
        <source>Good items: 60 % train, 20 % calibration, 20 % test.</source>
        <translation>양품: 학습 60 %, 보정 20 %, 평가 20 %.</translation>
    </message>
    <message>
        <source>Defective items: 40 % calibration, 60 % test.</source>
        <translation>불량: 보정 40 %, 평가 60 %.</translation>
    </message>
    <message>
        <source>Items of one lot or serial number stay together.</source>
        <translation>같은 로트나 일련번호의 항목은 함께 둡니다.</translation>
    </message>
    <message>
        <source>&amp;Keep the split of items that have one</source>
        <translation>이미 나뉜 항목은 그대로 두기(&amp;K)</translation>
    </message>
    <message>
        <source>The same seed gives the same split.</source>
        <translation>같은 시드는 같은 분할을 줍니다.</translation>
    </message>
    <message>
        <source>&amp;Seed</source>
        <translation>시드(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Split</source>
        <translation>나누기(&amp;S)</translation>
    </message>
    <message>
        <source>%n item(s) will change their split.</source>
        <translation>항목 %n개의 분할이 바뀝니다.</translation>
    </message>
    <message>
        <source>Every labelled item has a split already. Label more items, or do not keep the splits.</source>
        <translation>라벨이 있는 항목은 모두 나뉘어 있습니다. 라벨을 더 붙이거나 기존 분할을 두지 마세요.</translation>
    </message>
</context>
<context>
    <name>ThresholdRule</name>
    <message>
        <source>Set by hand by {person}; {n_good} good and {n_defective} defective calibration parts.</source>
        <translation>{person}이(가) 직접 설정. 양품 {n_good}개, 불량 {n_defective}개의 보정 제품.</translation>
    </message>
    <message>
        <source>Set by hand by {person}; {n_good} good training parts, as there are no calibration parts.</source>
        <translation>{person}이(가) 직접 설정. 보정 제품이 없어 양품 학습 제품 {n_good}개.</translation>
    </message>
    <message>
        <source>By good parts only: expected overkill {expected} % (95 %: {low} to {high} %), from {n_good} good calibration parts.</source>
        <translation>양품만으로: 기대 과검 {expected} % (95 %: {low}–{high} %), 양품 보정 제품 {n_good}개 기준.</translation>
    </message>
    <message>
        <source>By good parts only, from {n_good} good training parts, as there are no calibration parts: expect more overkill than {expected} %.</source>
        <translation>양품만으로: 보정 제품이 없어 양품 학습 제품 {n_good}개 기준. 과검이 {expected} %보다 많을 수 있습니다.</translation>
    </message>
    <message>
        <source>By overkill of at most {value} % of {n_good} good calibration parts.</source>
        <translation>과검 {value} % 이하, 양품 보정 제품 {n_good}개 기준.</translation>
    </message>
    <message>
        <source>By overkill of at most {value} % of {n_good} good training parts: expect more.</source>
        <translation>과검 {value} % 이하, 양품 학습 제품 {n_good}개 기준. 실제로는 더 많을 수 있습니다.</translation>
    </message>
    <message>
        <source>By escape of at most {value} % of {n_defective} defective calibration parts.</source>
        <translation>미검 {value} % 이하, 불량 보정 제품 {n_defective}개 기준.</translation>
    </message>
    <message>
        <source>By escape of at most {value} % of {n_defective} defective training parts: expect more.</source>
        <translation>미검 {value} % 이하, 불량 학습 제품 {n_defective}개 기준. 실제로는 더 많을 수 있습니다.</translation>
    </message>
    <message>
        <source>By least cost at {defect_rate} % defects, from {n_good} good and {n_defective} defective calibration parts.</source>
        <translation>불량률 {defect_rate} %에서 최소 비용, 양품 {n_good}개와 불량 {n_defective}개의 보정 제품 기준.</translation>
    </message>
    <message>
        <source>By least cost at {defect_rate} % defects, from {n_good} good and {n_defective} defective training parts.</source>
        <translation>불량률 {defect_rate} %에서 최소 비용, 양품 {n_good}개와 불량 {n_defective}개의 학습 제품 기준.</translation>
    </message>
    <message>
        <source>By best F1 of {n_good} good and {n_defective} defective calibration parts.</source>
        <translation>최고 F1, 양품 {n_good}개와 불량 {n_defective}개의 보정 제품 기준.</translation>
    </message>
    <message>
        <source>By best F1 of {n_good} good and {n_defective} defective training parts.</source>
        <translation>최고 F1, 양품 {n_good}개와 불량 {n_defective}개의 학습 제품 기준.</translation>
    </message>
</context>
<context>
    <name>ThresholdRules</name>
    <message>
        <source>Promises that on average at most this share of good parts becomes overkill.</source>
        <translation>평균적으로 양품 가운데 이 비율까지만 과검이 됨을 약속합니다.</translation>
    </message>
    <message>
        <source>The lowest T2 at which at most this share of the good parts is overkill.</source>
        <translation>양품 가운데 과검이 이 비율 이하인 가장 낮은 T2.</translation>
    </message>
    <message>
        <source>The highest T1 at which at most this share of the defective parts escapes.</source>
        <translation>불량 가운데 미검이 이 비율 이하인 가장 높은 T1.</translation>
    </message>
    <message>
        <source>Rules look at calibration items only.</source>
        <translation>규칙은 보정 항목만 봅니다.</translation>
    </message>
    <message>
        <source>One threshold</source>
        <translation>임계값 하나</translation>
    </message>
    <message>
        <source>Without REVIEW: every part is OK or NG (T1 = T2).</source>
        <translation>보류 없음: 모든 제품이 OK 또는 NG (T1 = T2).</translation>
    </message>
    <message>
        <source>Good only</source>
        <translation>양품만으로</translation>
    </message>
    <message>
        <source>Overkill ≤</source>
        <translation>과검 ≤</translation>
    </message>
    <message>
        <source>Escape ≤</source>
        <translation>미검 ≤</translation>
    </message>
</context>
<context>
    <name>TrainPage</name>
    <message>
        <source>No project is open.</source>
        <translation>열린 프로젝트가 없습니다.</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>학습</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>실행</translation>
    </message>
    <message>
        <source>New run</source>
        <translation>새 실행</translation>
    </message>
    <message>
        <source>Nothing to learn from yet</source>
        <translation>아직 학습할 것이 없습니다</translation>
    </message>
    <message>
        <source>Import images or a table first. A detector then learns what good items look like.</source>
        <translation>먼저 이미지나 표를 가져오세요. 그러면 검출기가 양품의 모습을 배웁니다.</translation>
    </message>
    <message>
        <source>No training is going on.</source>
        <translation>진행 중인 학습이 없습니다.</translation>
    </message>
    <message>
        <source>Run {run}: {detector}</source>
        <translation>실행 {run}: {detector}</translation>
    </message>
    <message>
        <source>Not here: this project has no items.</source>
        <translation>사용 불가: 프로젝트에 항목이 없습니다.</translation>
    </message>
    <message>
        <source>Not here: this project has no images.</source>
        <translation>사용 불가: 프로젝트에 이미지가 없습니다.</translation>
    </message>
    <message>
        <source>Not here: this project has no table.</source>
        <translation>사용 불가: 프로젝트에 표가 없습니다.</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>Finds defective products in images and in tables of measurements.</source>
        <translation>이미지와 측정값 표에서 불량 제품을 찾습니다.</translation>
    </message>
    <message>
        <source>Or drop a folder of images, a table (CSV) or a project anywhere on this window.</source>
        <translation>또는 이미지 폴더, 표(CSV), 프로젝트를 이 창에 끌어다 놓으세요.</translation>
    </message>
    <message>
        <source>Recent projects</source>
        <translation>최근 프로젝트</translation>
    </message>
    <message>
        <source>None yet. The sample project shows the whole way in a few minutes.</source>
        <translation>아직 없습니다. 예제 프로젝트가 몇 분 만에 전체 과정을 보여 줍니다.</translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <source>%n item(s) imported.</source>
        <translation>항목 %n개를 가져왔습니다.</translation>
    </message>
    <message>
        <source>%n were there already.</source>
        <translation>%n개는 이미 있었습니다.</translation>
    </message>
    <message>
        <source>%n that were there are gone.</source>
        <translation>있던 %n개가 사라졌습니다.</translation>
    </message>
    <message>
        <source>%n left out.</source>
        <translation>%n개를 제외했습니다.</translation>
    </message>
    <message>
        <source>Open a project (a folder NAME.flawscope)</source>
        <translation>프로젝트 열기 (NAME.flawscope 폴더)</translation>
    </message>
    <message>
        <source>Prepare the sample project</source>
        <translation>예제 프로젝트 준비</translation>
    </message>
    <message>
        <source>Jobs are running</source>
        <translation>작업 진행 중</translation>
    </message>
    <message>
        <source>These jobs have not finished:
{names}
Stop them? What they stored so far is kept.</source>
        <translation>아직 끝나지 않은 작업:
{names}
멈출까요? 지금까지 저장한 것은 남습니다.</translation>
    </message>
    <message>
        <source>&amp;Stop them</source>
        <translation>멈추기(&amp;S)</translation>
    </message>
    <message>
        <source>The project is in use</source>
        <translation>프로젝트 사용 중</translation>
    </message>
    <message>
        <source>Open for &amp;reading only</source>
        <translation>읽기 전용으로 열기(&amp;R)</translation>
    </message>
    <message>
        <source>Score all items by run {run}</source>
        <translation>실행 {run}(으)로 모든 항목 점수 계산</translation>
    </message>
    <message>
        <source>{name} (read only)</source>
        <translation>{name} (읽기 전용)</translation>
    </message>
    <message>
        <source>Folder with images</source>
        <translation>이미지 폴더</translation>
    </message>
    <message>
        <source>Table of measurements</source>
        <translation>측정값 표</translation>
    </message>
    <message>
        <source>&amp;Show why</source>
        <translation>이유 보기(&amp;S)</translation>
    </message>
    <message>
        <source>Flawscope ended unexpectedly last time. What was stored is safe; a report lies in the log folder.</source>
        <translation>지난번에 Flawscope가 갑자기 끝났습니다. 저장된 것은 안전하며 로그 폴더에 보고서가 있습니다.</translation>
    </message>
    <message>
        <source>Open the &amp;log folder</source>
        <translation>로그 폴더 열기(&amp;L)</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>작업</translation>
    </message>
</context>
<context>
    <name>Word</name>
    <message>
        <source>good</source>
        <translation>양품</translation>
    </message>
    <message>
        <source>defective</source>
        <translation>불량</translation>
    </message>
    <message>
        <source>unsure</source>
        <translation>미확정</translation>
    </message>
    <message>
        <source>unlabelled</source>
        <translation>라벨 없음</translation>
    </message>
    <message>
        <source>train</source>
        <translation>학습</translation>
    </message>
    <message>
        <source>calibration</source>
        <translation>보정</translation>
    </message>
    <message>
        <source>test</source>
        <translation>평가</translation>
    </message>
    <message>
        <source>new</source>
        <translation>신규</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>REVIEW</source>
        <translation>보류</translation>
    </message>
    <message>
        <source>NG</source>
        <translation>NG</translation>
    </message>
    <message>
        <source>good, judged OK</source>
        <translation>양품, OK 판정</translation>
    </message>
    <message>
        <source>defective, judged NG</source>
        <translation>불량, NG 판정</translation>
    </message>
    <message>
        <source>escape</source>
        <translation>미검</translation>
    </message>
    <message>
        <source>overkill</source>
        <translation>과검</translation>
    </message>
    <message>
        <source>in review</source>
        <translation>보류</translation>
    </message>
    <message>
        <source>without a label</source>
        <translation>라벨 없음</translation>
    </message>
    <message>
        <source>without a score</source>
        <translation>점수 없음</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>대기 중</translation>
    </message>
    <message>
        <source>running</source>
        <translation>실행 중</translation>
    </message>
    <message>
        <source>done</source>
        <translation>완료</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>실패</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>취소됨</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>중단됨</translation>
    </message>
    <message>
        <source>image</source>
        <translation>이미지</translation>
    </message>
    <message>
        <source>table row</source>
        <translation>표의 행</translation>
    </message>
    <message>
        <source>feature</source>
        <translation>특성</translation>
    </message>
    <message>
        <source>label</source>
        <translation>라벨</translation>
    </message>
    <message>
        <source>serial number</source>
        <translation>일련번호</translation>
    </message>
    <message>
        <source>group (lot)</source>
        <translation>그룹(로트)</translation>
    </message>
    <message>
        <source>time</source>
        <translation>시각</translation>
    </message>
    <message>
        <source>ignore</source>
        <translation>무시</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds}초</translation>
    </message>
    <message>
        <source>{minutes} min {seconds} s</source>
        <translation>{minutes}분 {seconds}초</translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation>{hours}시간 {minutes}분</translation>
    </message>
</context>
</TS>
