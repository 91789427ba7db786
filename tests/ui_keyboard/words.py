"""What the keyboard is measured with: names and addresses with the letters somebody types for them."""

# Known when the tables of surnames, given names and places were written.
NAMES = (
    ("zhangwei", "张伟"), ("wangfang", "王芳"), ("lina", "李娜"), ("lixiaoming", "李晓明"), ("chenjing", "陈静"),
    ("liuyang", "刘洋"), ("yangxiuying", "杨秀英"), ("zhaoguiying", "赵桂英"), ("huangmin", "黄敏"),
    ("zhoujie", "周杰"), ("wujianguo", "吴建国"), ("xulihua", "徐丽华"), ("sunguoqiang", "孙国强"),
    ("zhuxiulan", "朱秀兰"), ("majun", "马军"), ("huyulan", "胡玉兰"), ("guojianhua", "郭建华"),
    ("linmeiling", "林美玲"), ("hezhiqiang", "何志强"), ("gaofengying", "高凤英"), ("luominghua", "罗明华"),
    ("zhengwenjuan", "郑文娟"), ("liangyuzhen", "梁玉珍"), ("shenjialiang", "沈家良"), ("lujianping", "陆建平"),
    ("gumeifang", "顾美芳"), ("jinzhenyu", "金振宇"), ("yusiyuan", "俞思远"), ("taowei", "陶伟"),
    ("qianlili", "钱丽丽"),
)  # fmt: skip
ADDRESSES = (
    ("shanghaishiyangpuquchangyanglu", "上海市杨浦区长阳路"), ("xuhuiqucaobaolu", "徐汇区漕宝路"),
    ("xuhuiquyishanlu", "徐汇区宜山路"), ("jinganqubeijingxilu", "静安区北京西路"),
    ("huangpuqurenminlu", "黄浦区人民路"), ("changningquxianxialu", "长宁区仙霞路"),
    ("putuoqucaoyanglu", "普陀区曹杨路"), ("hongkouqusipinglu", "虹口区四平路"),
    ("pudongxinquzhangyanglu", "浦东新区张杨路"), ("pudongxinqushijidadao", "浦东新区世纪大道"),
    ("minhangquxinzhuangzhen", "闵行区莘庄镇"), ("minhangqudushilu", "闵行区都市路"),
    ("baoshanqumudanjianglu", "宝山区牡丹江路"), ("jiadingqubolelu", "嘉定区博乐路"),
    ("songjiangqurenminbeilu", "松江区人民北路"), ("qingpuqugongyuanlu", "青浦区公园路"),
    ("fengxianqujiefangzhonglu", "奉贤区解放中路"), ("jinshanquweiqingxilu", "金山区卫清西路"),
    ("chongmingqubayilu", "崇明区八一路"), ("caohejingjiedao", "漕河泾街道"),
)  # fmt: skip

# Chosen after those tables were finished: what a stranger's name finds.
OTHER_NAMES = (
    ("duxiaofeng", "杜晓峰"), ("jiangyuqin", "蒋玉琴"), ("xiaozhengming", "肖正明"), ("caoyongfu", "曹永福"),
    ("pengzihan", "彭子涵"), ("dongshufen", "董淑芬"), ("panruolin", "潘若琳"), ("yuhaibo", "于海波"),
    ("weilianfang", "魏莲芳"), ("xuezhigang", "薛志刚"), ("yanmingzhu", "严明珠"), ("luhaitao", "陆海涛"),
    ("tangxinyi", "唐欣怡"), ("fangzhenguo", "方振国"), ("shijinmei", "石金妹"), ("xiongbo", "熊波"),
    ("haoran", "郝然"), ("qinshiyu", "秦诗雨"), ("huangfumin", "皇甫敏"), ("sunya", "孙亚"), ("ouyangna", "欧阳娜"),
    ("fengkexin", "冯可欣"), ("songdehai", "宋德海"), ("dingyifan", "丁一凡"), ("renchunsheng", "任春生"),
    ("taosuzhen", "陶素珍"), ("moyan", "莫言"), ("baijuyi", "白居易"), ("hongweimin", "洪为民"),
    ("zhouxingchi", "周星驰"),
)  # fmt: skip
OTHER_ADDRESSES = (
    ("beijingshichaoyangqu", "北京市朝阳区"), ("hangzhoushixihuqu", "杭州市西湖区"),
    ("suzhoushiwuzhongqu", "苏州市吴中区"), ("nanjinglu", "南京路"), ("guangzhoushitianhequ", "广州市天河区"),
    ("heishanlu", "黑山路"), ("fushunlu", "抚顺路"), ("jinxilu", "锦西路"), ("tielinglu", "铁岭路"),
    ("zhengtonglu", "政通路"), ("anshanxincun", "鞍山新村"), ("shuifenglu", "水丰路"), ("lanzhoulu", "兰州路"),
    ("jilinlu", "吉林路"), ("fuxingdonglu", "复兴东路"), ("penglailu", "蓬莱路"), ("wangyunlu", "望云路"),
    ("guilinxijie", "桂林西街"), ("cangwulu", "苍梧路"), ("puhuitanglu", "蒲汇塘路"),
)  # fmt: skip

# The typing test. Written down before the tables of names and roads were made (their order too: by a hash), and from
# other sources than theirs. Names: the commonest whole names (公安部, 2007) and the given names that its yearly
# reports call the commonest by decade of birth (to 2021), each with the next of the hundred commonest surnames.
# Addresses: those of Shanghai's hospitals, universities, museums, parks, courts and offices, in the pieces they are
# typed in.
COMMON_NAMES = (
    ("leiguoqing", "雷国庆"), ("huangshuai", "黄帅"), ("yuyiming", "余一鸣"), ("jiaguifang", "贾桂芳"),
    ("lijuan", "李娟"), ("linxinyi", "林欣怡"), ("qinguoqiang", "秦国强"), ("jiangzirui", "蒋梓睿"),
    ("liuwei", "刘伟"), ("tangxinyan", "唐欣妍"), ("heyutong", "何雨桐"), ("xiezimo", "谢子墨"), ("wangli", "王丽"),
    ("weiziyi", "魏子怡"), ("zhaoqian", "赵倩"), ("xukexin", "许可欣"), ("chenyichen", "陈奕辰"),
    ("lvjiayi", "吕嘉懿"), ("wangfang", "王芳"), ("wuyumei", "武玉梅"), ("panjiayi", "潘佳怡"), ("zhangli", "张丽"),
    ("zengsiyuan", "曾思远"), ("chenjing", "陈静"), ("wangtao", "王涛"), ("guoyimo", "郭苡沫"),
    ("xiashuzhen", "夏淑珍"), ("lixiuying", "李秀英"), ("fuxiufang", "付秀芳"), ("taoyongkang", "陶永康"),
    ("caozixuan", "曹梓萱"), ("mengwenhua", "孟文华"), ("wangxiuying", "王秀英"), ("gujinfeng", "顾金凤"),
    ("liujie", "刘杰"), ("lili", "李丽"), ("renyixuan", "任懿轩"), ("xionghaiyan", "熊海燕"), ("zhangyan", "张艳"),
    ("yuanhaoxuan", "袁浩轩"), ("huanghaoran", "黄浩然"), ("wangchao", "王超"), ("zhangtao", "张涛"),
    ("houxiaohong", "侯小红"), ("liumingze", "刘茗泽"), ("qiuzhiwei", "邱志伟"), ("yangyuze", "杨宇泽"),
    ("xuruoxi", "徐若汐"), ("zhangjun", "张军"), ("wangjuan", "王娟"), ("zhangmuchen", "张沐辰"),
    ("tanxiulan", "谭秀兰"), ("wanhongwei", "万红卫"), ("yaojianguo", "姚建国"), ("dingyucheng", "丁煜城"),
    ("yangxin", "杨鑫"), ("wangjing", "王静"), ("qinxuemei", "覃雪梅"), ("zhangwei", "张伟"), ("mohui", "莫辉"),
    ("yinjianping", "尹建平"), ("wangyong", "王勇"), ("longguihua", "龙桂花"), ("baixiaodong", "白晓东"),
    ("shaominghua", "邵明华"), ("dengmengyao", "邓梦瑶"), ("maomeizhen", "毛美珍"), ("chengzihan", "程紫涵"),
    ("cuijianjun", "崔建军"), ("lina", "李娜"), ("wangxiuzhen", "汪秀珍"), ("zhuyinuo", "朱依诺"),
    ("liqiang", "李强"), ("tangjian", "汤健"), ("wangli", "王莉"), ("wuyuxuan", "吴宇轩"), ("wangwei", "王伟"),
    ("daibo", "戴波"), ("yangyang", "杨洋"), ("wuning", "吴宁"), ("changping", "常萍"), ("fengzixuan", "冯子轩"),
    ("limin", "李敏"), ("haodeming", "郝德明"), ("liuting", "刘婷"), ("lixia", "李霞"), ("zhangxiuying", "张秀英"),
    ("kongbin", "孔斌"), ("huzihan", "胡梓涵"), ("sunyinuo", "孙一诺"), ("jinguilan", "金桂兰"),
    ("zhangyong", "张勇"), ("heweidong", "贺卫东"), ("jianglijuan", "江丽娟"), ("zhengyuhang", "郑宇航"),
    ("wangjie", "王杰"), ("liumin", "刘敏"), ("gaoyutong", "高语桐"), ("liaofengying", "廖凤英"), ("lilei", "李磊"),
)  # fmt: skip
COMMON_ADDRESSES = (
    ("hongkouqu haininglu", "虹口区 海宁路"), ("jinganqu baodelu", "静安区 保德路"),
    ("xuhuiqu jianguoxilu", "徐汇区 建国西路"), ("songjiangqu beisonggonglu", "松江区 北松公路"),
    ("putuoqu xincunlu", "普陀区 新村路"), ("pudongxinqu miaopulu", "浦东新区 苗圃路"),
    ("chongmingqu aoshanlu", "崇明区 鳌山路"), ("jinshanqu tingfenggonglu", "金山区 亭枫公路"),
    ("minhangqu heqinglu", "闵行区 鹤庆路"), ("chongmingqu nanmenlu", "崇明区 南门路"),
    ("huangpuqu fangxielu", "黄浦区 方斜路"), ("changningqu xinhualu", "长宁区 新华路"),
    ("huangpuqu nanjingxilu", "黄浦区 南京西路"), ("changningqu wanhangdulu", "长宁区 万航渡路"),
    ("songjiangqu longtenglu", "松江区 龙腾路"), ("pudongxinqu hehuanlu", "浦东新区 合欢路"),
    ("pudongxinqu pujianlu", "浦东新区 浦建路"), ("pudongxinqu gaokexilu", "浦东新区 高科西路"),
    ("jinganqu molinglu", "静安区 秣陵路"), ("minhangqu dongchuanlu", "闵行区 东川路"),
    ("qingpuqu zhuxilu", "青浦区 珠溪路"), ("songjiangqu renminbeilu", "松江区 人民北路"),
    ("xuhuiqu longwulu", "徐汇区 龙吴路"), ("huangpuqu zhizaojulu", "黄浦区 制造局路"),
    ("huangpuqu fuyoulu", "黄浦区 福佑路"), ("huangpuqu yanandonglu", "黄浦区 延安东路"),
    ("jinganqu kangdinglu", "静安区 康定路"), ("hongkouqu dongjiangwanlu", "虹口区 东江湾路"),
    ("jiadingqu dongdajie", "嘉定区 东大街"), ("hongkouqu wujinlu", "虹口区 武进路"),
    ("songjiangqu zhongshandonglu", "松江区 中山东路"), ("xuhuiqu fenglinlu", "徐汇区 枫林路"),
    ("changningqu hongqiaolu", "长宁区 虹桥路"), ("pudongxinqu shibodadao", "浦东新区 世博大道"),
    ("hongkouqu feihonglu", "虹口区 飞虹路"), ("songjiangqu yuanzhonglu", "松江区 园中路"),
    ("xuhuiqu fenyanglu", "徐汇区 汾阳路"), ("huangpuqu renmindadao", "黄浦区 人民大道"),
    ("pudongxinqu zhouyuanlu", "浦东新区 周园路"), ("minhangqu xinsonglu", "闵行区 莘松路"),
    ("hongkouqu sanmenlu", "虹口区 三门路"), ("songjiangqu linhulu", "松江区 林湖路"),
    ("jinganqu wuningnanlu", "静安区 武宁南路"), ("putuoqu daduhelu", "普陀区 大渡河路"),
    ("songjiangqu renminnanlu", "松江区 人民南路"), ("songjiangqu waiqingsonggonglu", "松江区 外青松公路"),
    ("xuhuiqu huaihaizhonglu", "徐汇区 淮海中路"), ("huangpuqu huangpibeilu", "黄浦区 黄陂北路"),
    ("songjiangqu chenhualu", "松江区 辰花路"), ("chongmingqu renminlu", "崇明区 人民路"),
)  # fmt: skip

# Kept apart while the tables were made, and nothing of them was changed for these: 25 names of the same kind, 25 of
# Olympic champions (rarer names than most people's); 25 addresses of the same kind.
HELD_NAMES = (
    ("zhaoyize", "赵奕泽"), ("hanyuze", "韩雨泽"), ("liyan", "李艳"), ("zhoumuyang", "周沐阳"), ("zhanglei", "张磊"),
    ("fanglihua", "方丽华"), ("luoyuxi", "罗语汐"), ("liujing", "刘静"), ("suchenxi", "苏晨曦"),
    ("luyulan", "陆玉兰"), ("zhangmin", "张敏"), ("shiyuzhen", "石玉珍"), ("wangjun", "王军"),
    ("fanguiying", "范桂英"), ("caitianyou", "蔡天佑"), ("wanglei", "王磊"), ("wangmuchen", "王沐宸"),
    ("weiyuying", "韦玉英"), ("liling", "李玲"), ("tianzihan", "田子涵"), ("yuyuxuan", "于雨萱"),
    ("zhangying", "张颖"), ("chenkai", "陈凯"), ("liufang", "刘芳"), ("liangmingze", "梁铭泽"),
    ("fumingxia", "伏明霞"), ("tanggonghong", "唐功红"), ("lixiaopeng", "李小鹏"), ("luyong", "陆永"),
    ("malong", "马龙"), ("sunyang", "孙杨"), ("changyani", "昌雅妮"), ("wangzhen", "王镇"),
    ("longqingquan", "龙清泉"), ("xuhaifeng", "许海峰"), ("liaohui", "廖辉"), ("zhangxiaoping", "张小平"),
    ("yangqian", "杨倩"), ("fanzhendong", "樊振东"), ("jixinpeng", "吉新鹏"), ("qinhaiyang", "覃海洋"),
    ("shenglihao", "盛李豪"), ("zhaoruirui", "赵蕊蕊"), ("zhengqinwen", "郑钦文"), ("wangzhouyu", "汪周雨"),
    ("yanghao", "杨昊"), ("gongjinjie", "宫金杰"), ("weiqiuyue", "魏秋月"), ("zhangchangning", "张常宁"),
    ("fengkun", "冯坤"),
)  # fmt: skip
HELD_ADDRESSES = (
    ("putuoqu zhongshanbeilu", "普陀区 中山北路"), ("fengxianqu jiefangdonglu", "奉贤区 解放东路"),
    ("changningqu changninglu", "长宁区 长宁路"), ("jinganqu beijingxilu", "静安区 北京西路"),
    ("pudongxinqu haigangdadao", "浦东新区 海港大道"), ("huangpuqu huangpinanlu", "黄浦区 黄陂南路"),
    ("pudongxinqu huchenghuanlu", "浦东新区 沪城环路"), ("jiadingqu bolenanlu", "嘉定区 博乐南路"),
    ("hongkouqu ganhelu", "虹口区 甘河路"), ("xuhuiqu damuqiaolu", "徐汇区 大木桥路"),
    ("qingpuqu gongyuanlu", "青浦区 公园路"), ("xuhuiqu hengshanlu", "徐汇区 衡山路"),
    ("jinganqu gonghexinlu", "静安区 共和新路"), ("huangpuqu xiangshanlu", "黄浦区 香山路"),
    ("yangpuqu jiangpulu", "杨浦区 江浦路"), ("jiadingqu chengbeilu", "嘉定区 城北路"),
    ("yangpuqu changhailu", "杨浦区 长海路"), ("yangpuqu tengyuelu", "杨浦区 腾越路"),
    ("changningqu xianxialu", "长宁区 仙霞路"), ("pudongxinqu gongweilu", "浦东新区 拱为路"),
    ("hongkouqu tianailu", "虹口区 甜爱路"), ("baoshanqu tongtaibeilu", "宝山区 同泰北路"),
    ("songjiangqu wenxianglu", "松江区 文翔路"), ("huangpuqu dagulu", "黄浦区 大沽路"),
    ("putuoqu ludinglu", "普陀区 泸定路"),
)  # fmt: skip
