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
